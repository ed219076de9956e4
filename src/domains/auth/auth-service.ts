import type { Knex } from "knex";
import { UnauthorizedError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import type { Tree } from "../../graph/entity.ts";
import { type Account, findAccount, replaceHash } from "./auth-queries.ts";
import type { Login } from "./auth-schemas.ts";
import { showLoggedIn } from "./auth-view.ts";
import type { Passwords } from "./passwords.ts";
import { signToken } from "./tokens.ts";

/** Authenticates customers. */
export class AuthService {
  constructor(
    private readonly database: Knex,
    private readonly passwords: Passwords,
    /** The first secret signs; all of them verify. */
    private readonly tokenSecrets: readonly string[],
  ) {}

  /**
   * Logs a customer in by e-mail and password, under a new session id.
   * @throws UnauthorizedError if the e-mail or the password is wrong; both cases look alike
   */
  async logIn(ctx: RequestContext, login: Login): Promise<{ customer: Tree }> {
    const { id, password_version } = await this.#authenticate(login);
    await ctx.session.logIn(id, password_version);
    return showLoggedIn(this.database, id);
  }

  /**
   * Returns a token that identifies the customer, signed like Medusa's. Does not change the
   * session.
   * @throws UnauthorizedError if the e-mail or the password is wrong; both cases look alike
   */
  async issueToken(login: Login): Promise<{ access_token: string }> {
    const { id, password_version } = await this.#authenticate(login);
    const claims = { customer_id: id, domain: "store", password_version };
    return { access_token: signToken(claims, this.tokenSecrets[0]!, "30d") };
  }

  /**
   * Returns the customer who is logged in.
   * @throws NotFoundError if the customer has been deleted since
   */
  current(ctx: RequestContext): Promise<{ customer: Tree }> {
    return showLoggedIn(this.database, ctx.customerId!);
  }

  /** Returns whether an account with the e-mail exists. */
  async exists(email: string): Promise<{ exists: boolean }> {
    return { exists: (await findAccount(this.database, email)) !== undefined };
  }

  /** @throws UnauthorizedError if the e-mail or the password is wrong */
  async #authenticate({ email, password }: Login): Promise<Account> {
    const account = await findAccount(this.database, email);
    const check = await this.passwords.verify(password, account?.password_hash);
    if (!account || !check.fits) throw new UnauthorizedError();
    if (check.upgradedHash)
      await replaceHash(this.database, account.id, account.password_hash!, check.upgradedHash);
    return account;
  }
}
