import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { InvalidTokenError, NotAllowedError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Events } from "../../events/events.ts";
import { readFreshToken, signToken } from "../auth/tokens.ts";
import { lockCustomer } from "../customers/lock-customer.ts";
import { lockOrders } from "./lock-order.ts";
import { assignOrdersToCustomer, findOrdersByEmail } from "./order-claim-queries.ts";

/**
 * Assigns orders that were placed as a guest to an account, with the consent of the order's e-mail.
 */
export class OrderClaimService {
  constructor(
    private readonly database: Knex,
    private readonly events: Events,
    /** The first secret signs; all of them verify. */
    private readonly tokenSecrets: readonly string[],
  ) {}

  /**
   * Sends a token to each e-mail that the orders were placed with, for the orders of that e-mail.
   * @throws NotFoundError if the customer does not exist
   * @throws InvalidTokenError if the customer has no account
   */
  request(ctx: RequestContext, orderIds: readonly string[]): Promise<void> {
    return runInTransaction(this.database, async (trx) => {
      const { id, has_account } = await lockCustomer(trx, ctx.customerId!);
      if (!has_account) throw new InvalidTokenError("Customer does not have an account");
      for (const { email, orders } of await findOrdersByEmail(trx, orderIds)) {
        const token = signToken({ claimingCustomerId: id, orders }, this.tokenSecrets[0]!, "15m");
        const data = { old_email: email, new_customer_id: id, orders, token };
        this.events.publish(trx, { name: "order-update-token.created", data });
      }
    });
  }

  /**
   * Assigns the orders of a token to the customer who claimed them. A repeat changes nothing.
   * @throws InvalidTokenError if the token is invalid or expired
   * @throws NotFoundError if the customer does not exist
   * @throws NotAllowedError if an order was canceled
   */
  confirm(token: string): Promise<void> {
    const { claimingCustomerId, orders } = this.#readToken(token);
    return runInTransaction(this.database, async (trx) => {
      const customer = await lockCustomer(trx, claimingCustomerId);
      const found = await lockOrders(trx, orders);
      if (found.some(({ status }) => status === "canceled"))
        throw new NotAllowedError("A canceled order cannot be updated");
      await assignOrdersToCustomer(trx, orders, customer);
      for (const { id, no_notification } of found) {
        this.events.publish(trx, { name: "order.updated", data: { id, no_notification } });
      }
    });
  }

  #readToken(token: string): { claimingCustomerId: string; orders: string[] } {
    const { claimingCustomerId, orders } = readFreshToken(token, this.tokenSecrets) ?? {};
    if (typeof claimingCustomerId !== "string" || !isTexts(orders))
      throw new InvalidTokenError("Invalid or expired token");
    return { claimingCustomerId, orders };
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
