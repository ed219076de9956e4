import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import type { Tree } from "../../graph/entity.ts";
import type { Cart } from "../carts/cart-tree.ts";
import type { PricedVariants } from "../carts/load-pricing.ts";
import type { ProvidedRates } from "../carts/provided-rates.ts";
import type { AuthorizedPayment } from "../payments/payment-queries.ts";
import type { PaymentSession } from "../payments/payment-session-queries.ts";

/** The amount due for a cart, in the smallest unit of the currency. */
export interface Due {
  /** All taxes included; never below zero. */
  readonly due: number;
  /** The amount as the cart shows it: without taxes that the region does not show by itself. */
  readonly shown: number;
  readonly now: Date;
}

/** What decides, beside a cart itself, whether it may be completed. */
export interface CompletionConditions {
  /** The variants of the cart's lines. */
  readonly variants: PricedVariants;
  /** The customer who is logged in and completes the cart. */
  readonly customerId: string | undefined;
}

/** What placing a cart needs. */
export interface OrderPlacement {
  /** As it is under the lock of its row. */
  readonly cart: Cart;
  /** The authorized amount, in the smallest unit of the currency; 0 when nothing was due. */
  readonly amount: number;
  /** Undefined when nothing was due. */
  readonly payment: AuthorizedPayment | undefined;
  readonly rates: ProvidedRates | undefined;
  readonly now: Date;
}

/**
 * What carts of a type become when they are completed. The lease, the payment, its release and
 * resuming are the same for all types.
 */
export interface CompletionTarget {
  /** Returns the id of what a cart has become. The cart's row is locked. */
  find(trx: Transaction, cartId: string): Promise<string | undefined>;
  /**
   * Checks that nothing is missing before anything is paid. Returns the session that pays;
   * undefined when nothing is due.
   * @throws NotAllowedError
   * @throws InvalidDataError
   * @throws AmountChangedError
   */
  requireReadySession(
    trx: Transaction,
    cart: Cart,
    due: Due,
    conditions: CompletionConditions,
  ): Promise<PaymentSession | undefined>;
  /**
   * Turns a cart whose row is locked into what it becomes, with its payment, and returns the id.
   * What it writes is sent ahead. After a refusal the payment is released.
   * @throws ShopError
   */
  place(trx: Transaction, placement: OrderPlacement): Promise<string>;
  /** Returns the answer of the completion. */
  show(connection: Knex, id: string): Promise<Completed>;
}

/** The answer about a completed cart. */
export type Completed = { data: Tree; type: "order" | "swap" };

/** Returns the completion target for a cart of this type. */
export type CompletionTargets = (cartType: string) => CompletionTarget;
