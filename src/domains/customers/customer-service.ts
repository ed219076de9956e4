import type { Knex } from "knex";
import { runInTransaction, type Transaction } from "../../commands/transaction.ts";
import { DuplicateError, InvalidDataError } from "../../core/errors.ts";
import type { RequestContext } from "../../core/request-context.ts";
import { newId } from "../../database/new-id.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { changePassword } from "../auth/auth-queries.ts";
import type { Passwords } from "../auth/passwords.ts";
import { findAddresses, insertAddress, removeAddress, updateAddress } from "./address-queries.ts";
import type { AddressChange, NewAddress } from "./address-schemas.ts";
import { insertCustomer, isEmailTaken, updateCustomer } from "./customer-queries.ts";
import {
  addressColumns,
  type CustomerBounds,
  changedColumns,
  changedValues,
  isInBook,
  mustHavePassword,
  mustHaveRoomInBook,
  mustLeaveReservedKeys,
} from "./customer-rules.ts";
import type { CustomerChange, NewCustomer } from "./customer-schemas.ts";
import { loadCustomer, showCustomer } from "./customer-view.ts";
import { lockOwnAddress } from "./lock-address.ts";
import { type LockedCustomer, lockCustomer } from "./lock-customer.ts";
import { settleBillingAddress } from "./settle-billing-address.ts";

type CustomerAnswer = Promise<{ customer: Tree }>;

/** Registers customers and changes their own accounts. */
export class CustomerService {
  constructor(
    private readonly database: Knex,
    private readonly passwords: Passwords,
    private readonly events: Events,
    private readonly bounds: CustomerBounds,
    /** The keys of the metadata that customers cannot write themselves. */
    private readonly reservedKeys: ReadonlySet<string>,
  ) {}

  /**
   * Creates an account and logs it in. A guest with the same e-mail stays a guest and keeps their
   * orders.
   * @throws DuplicateError if the e-mail has an account
   * @throws InvalidDataError if the password is empty
   */
  async register(ctx: RequestContext, { password, email, ...names }: NewCustomer): CustomerAnswer {
    mustHavePassword(password);
    const id = newId("cus");
    const password_hash = await this.passwords.hash(password);
    const answer = await runInTransaction(this.database, async (trx) => {
      await insertCustomer(trx, {
        ...names,
        id,
        email: email.toLowerCase(),
        password_hash,
        has_account: true,
      });
      this.events.publish(trx, {
        name: "customer.created",
        data: await loadCustomer(trx, id),
      });
      return showCustomer(trx, id);
    });
    await ctx.session.logIn(id, 0);
    return answer;
  }

  /**
   * Updates the logged-in customer's account. A new password ends all other sessions and tokens;
   * the credential of this request stays valid.
   * @throws NotFoundError if the customer or the address does not exist, or the address is another
   * customer's
   * @throws DuplicateError if another account has the e-mail
   * @throws InvalidDataError if the metadata names a key that a provider reserves
   */
  async update(ctx: RequestContext, change: CustomerChange): CustomerAnswer {
    const id = ctx.customerId!;
    const hash = change.password ? await this.passwords.hash(change.password) : undefined;
    const changed = await runInTransaction(this.database, async (trx) => {
      const customer = await lockCustomer(trx, id);
      mustLeaveReservedKeys(customer.metadata, change.metadata, this.reservedKeys);
      const columns = changedColumns(customer, change, this.bounds);
      await mustHaveFreeEmail(trx, customer, columns["email"]);
      const billing = await settleBillingAddress(trx, customer, change.billing_address);
      await updateCustomer(trx, id, changedValues(customer, { ...columns, ...billing }));
      const sparedToken = ctx.credential?.tokenFingerprint;
      const version = hash
        ? await changePassword(trx, id, hash, { at: new Date(), sparedToken })
        : undefined;
      this.events.publish(trx, {
        name: "customer.updated",
        data: await loadCustomer(trx, id),
      });
      return { version, answer: await showCustomer(trx, id) };
    });
    if (changed.version !== undefined && !ctx.credential?.tokenFingerprint)
      await ctx.session.updatePasswordVersion(changed.version);
    return changed.answer;
  }

  /**
   * Adds an address to the address book, unless it contains an equal one.
   * @throws InvalidDataError if the address book is full
   * @throws NotFoundError if the customer or the country does not exist
   */
  addAddress(ctx: RequestContext, address: NewAddress): CustomerAnswer {
    return this.#changeAddressBook(ctx, async (trx, customerId) => {
      const book = await findAddresses(trx, customerId);
      if (isInBook(book, address)) return;
      mustHaveRoomInBook(book, this.bounds);
      await insertAddress(trx, { ...addressColumns(address), customer_id: customerId });
    });
  }

  /**
   * Updates an address in the address book. Orders placed with it keep the former address.
   * @throws InvalidDataError if the address is not in the customer's address book
   * @throws NotFoundError if the customer or the country does not exist
   */
  updateAddress(ctx: RequestContext, addressId: string, change: AddressChange): CustomerAnswer {
    const customerId = ctx.customerId!;
    return runInTransaction(this.database, async (trx) => {
      if (!(await lockOwnAddress(trx, customerId, addressId)))
        throw new InvalidDataError("Could not find address for customer");
      await updateAddress(trx, addressId, addressColumns(change));
      return showCustomer(trx, customerId);
    });
  }

  /**
   * Removes an address from the address book. A missing address is not an error.
   * @throws NotFoundError if the customer does not exist
   */
  removeAddress(ctx: RequestContext, addressId: string): CustomerAnswer {
    return this.#changeAddressBook(ctx, (trx, customerId) =>
      removeAddress(trx, customerId, addressId),
    );
  }

  /** Locks the customer, so that two concurrent requests never add the same address twice. */
  #changeAddressBook(
    ctx: RequestContext,
    execute: (trx: Transaction, customerId: string) => Promise<void>,
  ): CustomerAnswer {
    return runInTransaction(this.database, async (trx) => {
      const { id } = await lockCustomer(trx, ctx.customerId!);
      await execute(trx, id);
      return showCustomer(trx, id);
    });
  }
}

async function mustHaveFreeEmail(
  trx: Transaction,
  { id, has_account }: LockedCustomer,
  email: unknown,
): Promise<void> {
  if (typeof email !== "string" || !(await isEmailTaken(trx, email, id, has_account))) return;
  throw new DuplicateError(
    `Customer with email, has_account ${email}, ${has_account ? "t" : "f"} already exists.`,
  );
}
