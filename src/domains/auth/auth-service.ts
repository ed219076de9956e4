import type { Knex } from "knex";
import { UnauthorizedError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Tree } from "../../graph/entity.ts";
import { type Account, findAccount, replaceHash } from "./auth-queries.ts";
import type { Login } from "./auth-schemas.ts";
import { showLoggedIn } from "./auth-view.ts";
import type { Passwords } from "./passwords.ts";
import { signToken } from "./tokens.ts";

/** Lets customers in and out. */
export class AuthService {
  constructor(
    private readonly database: Knex,
    private readonly passwords: Passwords,
    /** The first signs. */
    private readonly tokenSecrets: readonly string[],
  ) {}

  /**
   * Logs a customer in by e-mail and password, under a fresh session id.
   * @throws Unauthorized whether the e-mail, the password or both are wrong
   */
  async logIn(ctx: RequestContext, login: Login): Promise<{ customer: Tree }> {
    const { id, password_version } = await this.#authenticate(login);
    await ctx.session.logIn(id, password_version);
    return showLoggedIn(this.database, id);
  }

  /**
   * A token that stands for the customer, as Medusa signs them; the browser's session is left
   * alone.
   * @throws Unauthorized whether the e-mail, the password or both are wrong
   */
  async issueToken(login: Login): Promise<{ access_token: string }> {
    const { id, password_version } = await this.#authenticate(login);
    const claims = { customer_id: id, domain: "store", password_version };
    return { access_token: signToken(claims, this.tokenSecrets[0]!, "30d") };
  }

  /**
   * The customer who is logged in.
   * @throws NotFound the customer was removed since
   */
  current(ctx: RequestContext): Promise<{ customer: Tree }> {
    return showLoggedIn(this.database, ctx.customerId!);
  }

  /** Whether an e-mail has an account. */
  async exists(email: string): Promise<{ exists: boolean }> {
    return { exists: (await findAccount(this.database, email)) !== undefined };
  }

  /** @throws Unauthorized */
  async #authenticate({ email, password }: Login): Promise<Account> {
    const account = await findAccount(this.database, email);
    const check = await this.passwords.verify(password, account?.password_hash);
    if (!account || !check.fits) throw new UnauthorizedError();
    if (check.upgradedHash)
      await replaceHash(this.database, account.id, account.password_hash!, check.upgradedHash);
    return account;
  }
}
