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
 * How orders placed without an account become an account's: whoever reads the mails of the order's
 * e-mail agrees.
 */
export class OrderClaimService {
  constructor(
    private readonly database: Knex,
    private readonly events: Events,
    /** The first signs. */
    private readonly tokenSecrets: readonly string[],
  ) {}

  /**
   * Asks every e-mail that the orders were placed under, each for its own orders.
   * @throws NotFound the customer · ProofRefused the customer has no account
   */
  request(ctx: RequestContext, orderIds: readonly string[]): Promise<void> {
    return runInTransaction(this.database, async (trx) => {
      const { id, has_account } = await lockCustomer(trx, ctx.customerId!);
      if (!has_account) throw new InvalidTokenError("Customer does not have an account");
      for (const { email, orders } of await findOrdersByEmail(trx, orderIds)) {
        const token = signToken({ claimingCustomerId: id, orders }, this.tokenSecrets[0]!, "15m");
        const data = { old_email: email, new_customer_id: id, orders, token };
        await this.events.publish(trx, { name: "order-update-token.created", data });
      }
    });
  }

  /**
   * Gives the orders of a token to the customer who claimed them. Again changes nothing.
   * @throws ProofRefused a token that is wrong or too old · NotFound the customer · NotAllowed an
   * order was canceled
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
        await this.events.publish(trx, { name: "order.updated", data: { id, no_notification } });
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
