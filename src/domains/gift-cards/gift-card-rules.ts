import { InvalidDataError, NotAllowedError } from "../../core/errors.ts";

interface Card {
  readonly is_disabled: boolean;
  readonly ends_at: string | null;
  readonly region_id: string;
}

/**
 * A card that is disabled (a spent one is), that has expired or is of another region cannot pay.
 * @throws NotAllowed · InvalidData it is of another region
 */
export function mustPayIn(regionId: string, card: Card, now: Date): void {
  if (card.is_disabled) throw new NotAllowedError("The gift card is disabled");
  if (card.ends_at && Date.parse(card.ends_at) <= now.getTime())
    throw new NotAllowedError("The gift card has expired");
  if (card.region_id !== regionId)
    throw new InvalidDataError("The gift card cannot be used in the current region");
}
