import { InvalidDataError, NotAllowedError } from "../../core/errors.ts";

interface Card {
  readonly is_disabled: boolean;
  readonly ends_at: string | null;
  readonly region_id: string;
}

/**
 * Requires a gift card that can pay in a region: enabled (a spent card is disabled), not expired,
 * and of that region.
 * @throws NotAllowedError if the card is disabled or has expired
 * @throws InvalidDataError if the card belongs to another region
 */
export function mustPayIn(regionId: string, card: Card, now: Date): void {
  if (card.is_disabled) throw new NotAllowedError("The gift card is disabled");
  if (card.ends_at && Date.parse(card.ends_at) <= now.getTime())
    throw new NotAllowedError("The gift card has expired");
  if (card.region_id !== regionId)
    throw new InvalidDataError("The gift card cannot be used in the current region");
}
