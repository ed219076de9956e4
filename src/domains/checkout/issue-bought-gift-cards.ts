import type { Transaction } from "../../commands/transaction.ts";
import type { Events } from "../../events/events.ts";
import type { AllTotals } from "../../money/totals.ts";
import type { Cart } from "../carts/cart-tree.ts";
import { awaitPaymentOfGiftCards } from "../gift-cards/activate-gift-cards.ts";
import { type BoughtGiftCards, issueGiftCards } from "../gift-cards/issue-gift-cards.ts";

/** An order whose gift cards are issued. */
interface PlacedOrder {
  readonly id: string;
  /** Whether nothing is to be captured before its gift cards pay. */
  readonly isPaid: boolean;
}

/**
 * Issues the gift cards that are bought with a cart, and publishes their events, ahead. Before the
 * order is paid, the cards are disabled and without events.
 */
export function issueBoughtGiftCards(
  trx: Transaction,
  events: Events,
  { id, isPaid }: PlacedOrder,
  { cart, totals }: { readonly cart: Cart; readonly totals: AllTotals },
): void {
  const bought = cart.items.flatMap((line, index) =>
    boughtGiftCards(cart, line, totals.lines[index]!.subtotal),
  );
  const cards = issueGiftCards(trx, { id, isPaid, regionId: cart.region_id }, bought);
  if (cards.length > 0 && !isPaid) awaitPaymentOfGiftCards(trx, id);
  else
    events.publishAll(
      trx,
      cards.map((card) => ({ name: "gift_card.created", data: { id: card } })),
    );
}

/**
 * A gift card's value is its price without tax. Where the region taxes gift cards, the card keeps
 * the rate it was taxed at. A rate of 0 is a rate: only a line without tax lines has the region's.
 */
function boughtGiftCards(
  { region }: Cart,
  line: Cart["items"][number],
  subtotal: number,
): BoughtGiftCards[] {
  if (!line.is_giftcard || subtotal <= 0 || line.quantity <= 0) return [];
  const rate =
    line.tax_lines.length > 0
      ? line.tax_lines.reduce((sum, taxLine) => sum + taxLine.rate, 0)
      : region.tax_rate;
  const taxRate = region.gift_cards_taxable ? rate : null;
  return [
    {
      quantity: line.quantity,
      value: Math.round(subtotal / line.quantity),
      taxRate,
      metadata: line.metadata,
    },
  ];
}
