import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { InvalidTokenError } from "../../core/errors.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { changePassword, findAccount } from "../auth/auth-queries.ts";
import type { Passwords } from "../auth/passwords.ts";
import { readFreshToken, signToken } from "../auth/tokens.ts";
import { mustHavePassword } from "./customer-rules.ts";
import type { PasswordReset } from "./customer-schemas.ts";
import { loadCustomer } from "./customer-view.ts";
import { lockCustomer } from "./lock-customer.ts";

/**
 * Resets forgotten passwords. As in Medusa, the token sent by e-mail is signed with the stored hash
 * of the old password, so it is invalid once the password is changed.
 */
export class PasswordResetService {
  constructor(
    private readonly database: Knex,
    private readonly passwords: Passwords,
    private readonly events: Events,
  ) {}

  /** Sends a token to an account's e-mail. Does not reveal whether the account exists. */
  async requestToken(email: string): Promise<void> {
    const account = await findAccount(this.database, email);
    if (!account?.password_hash) return;
    const { id, first_name, last_name, password_hash } = account;
    const token = signToken({ customer_id: id }, password_hash, "15m");
    const data = { id, email: account.email, first_name, last_name, token };
    await runInTransaction(this.database, async (trx) =>
      this.events.publish(trx, { name: "customer.password_reset", data }),
    );
  }

  /**
   * Stores a new password and ends every session and token of the customer.
   * @throws InvalidDataError if the password is empty
   * @throws InvalidTokenError if the token is invalid, expired, used or another customer's, or the
   * e-mail has no account; all are reported alike
   */
  async reset({ email, token, password }: PasswordReset): Promise<{ customer: Tree }> {
    mustHavePassword(password);
    const account = await findAccount(this.database, email);
    mustHaveValidToken(token, account);
    const hash = await this.passwords.hash(password);
    return runInTransaction(this.database, async (trx) => {
      const customer = await lockCustomer(trx, account.id);
      // Of two concurrent resets with one token, the second finds another hash.
      mustHaveValidToken(token, customer);
      await changePassword(trx, customer.id, hash, { at: new Date(), sparedToken: undefined });
      const changed = await loadCustomer(trx, customer.id);
      this.events.publish(trx, { name: "customer.updated", data: changed });
      return { customer: changed };
    });
  }
}

interface Owner {
  readonly id: string;
  readonly password_hash: string | null;
}

function mustHaveValidToken<O extends Owner>(
  token: string,
  owner: O | undefined,
): asserts owner is O {
  const claims = owner?.password_hash ? readFreshToken(token, [owner.password_hash]) : undefined;
  if (!owner || claims?.["customer_id"] !== owner.id)
    throw new InvalidTokenError("Invalid or expired password reset token");
}
