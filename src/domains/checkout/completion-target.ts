import type { Knex } from "knex";
import type { Tree } from "../../graph/entity.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { ProvidedRates } from "../carts/provided-rates.ts";
import type { AuthorizedPayment } from "../payments/payment-queries.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";

/** What is to be paid for a cart, in the smallest unit. */
export interface Due {
  /** All taxes included; never below zero. */
  readonly due: number;
  /** As the cart shows it: without taxes where the region does not show them by itself. */
  readonly shown: number;
  readonly now: Date;
}

/** What a completion is made from. */
export interface OrderPlacement {
  readonly cartId: string;
  /** What was authorized, in the smallest unit; 0 when nothing was due. */
  readonly amount: number;
  /** Undefined when nothing was due. */
  readonly payment: AuthorizedPayment | undefined;
  readonly rates: ProvidedRates | undefined;
  readonly now: Date;
}

/**
 * What carts of a kind become. Claiming the cart, paying, giving back and finishing what was cut
 * off are the same for all.
 */
export interface CompletionTarget {
  /** The id of what a cart has become; its row is locked. */
  find(trx: Knex.Transaction, cartId: string): Promise<string | undefined>;
  /**
   * Refuses a cart of which something is missing, before anything is paid. Gives the session that
   * pays; undefined when nothing is due.
   * @throws NotAllowed · InvalidData · Conflict
   */
  requireReadySession(
    trx: Knex.Transaction,
    cart: Cart,
    due: Due,
  ): Promise<PaymentSession | undefined>;
  /**
   * Makes of a cart, whose row is locked, what it becomes, with its payment, and gives its id. A
   * refusal gives the payment back.
   * @throws ShopError
   */
  place(trx: Knex.Transaction, placement: OrderPlacement): Promise<string>;
  /** What the shopper is told of it. */
  show(connection: Knex, id: string): Promise<Completed>;
}

/** What a cart has become. */
export type Completed = { data: Tree; type: "order" | "swap" };

/** Returns the completion target for a cart of this type. */
export type CompletionTargets = (cartType: string) => CompletionTarget;
