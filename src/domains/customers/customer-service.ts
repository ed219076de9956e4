import type { Knex } from "knex";
import type { Call } from "../../call.ts";
import { newId } from "../../database/new-id.ts";
import { type Transaction, useCase } from "../../database/use-case.ts";
import { Duplicate, InvalidData } from "../../errors.ts";
import type { Events } from "../../events/events.ts";
import type { Tree } from "../../graph/entity.ts";
import { changePassword } from "../auth/auth-queries.ts";
import type { Passwords } from "../auth/passwords.ts";
import { findAddresses, insertAddress, isOwnAddress, removeAddress, updateAddress } from "./address-queries.ts";
import type { AddressChange, NewAddress } from "./address-schemas.ts";
import { settleBillingAddress } from "./billing-address.ts";
import { insertCustomer, isEmailTaken, type LockedCustomer, lockCustomer, updateCustomer } from "./customer-queries.ts";
import { addressColumns, changedColumns, differing, isInBook, mustHavePassword } from "./customer-rules.ts";
import type { CustomerChange, NewCustomer } from "./customer-schemas.ts";
import { loadCustomer, showCustomer } from "./customer-view.ts";

type CustomerAnswer = Promise<{ customer: Tree }>;

/** Customers and their own accounts. */
export class CustomerService {
  constructor(
    private readonly database: Knex,
    private readonly passwords: Passwords,
    private readonly events: Events,
  ) {}

  /**
   * Makes an account and logs it in. A guest of the same e-mail stays a guest with their orders.
   * @throws Duplicate the e-mail has an account · InvalidData an empty password
   */
  async register(call: Call, { password, email, ...names }: NewCustomer): CustomerAnswer {
    mustHavePassword(password);
    const id = newId("cus");
    const password_hash = await this.passwords.hash(password);
    const answer = await useCase(this.database, async (trx) => {
      await insertCustomer(trx, { ...names, id, email: email.toLowerCase(), password_hash, has_account: true });
      await this.events.publish(trx, { name: "customer.created", data: await loadCustomer(trx, id) });
      return showCustomer(trx, id);
    });
    await call.session.logIn(id, 0);
    return answer;
  }

  /**
   * Changes one's own account. A new password ends all other sessions and tokens; the one that made the change goes on.
   * @throws NotFound the customer or an address that is not theirs · Duplicate the e-mail is another account's
   */
  async update(call: Call, change: CustomerChange): CustomerAnswer {
    const id = call.customerId!;
    const hash = change.password ? await this.passwords.hash(change.password) : undefined;
    const changed = await useCase(this.database, async (trx) => {
      const customer = await lockCustomer(trx, id);
      const columns = changedColumns(customer, change);
      await mustBeFree(trx, customer, columns["email"]);
      const billing = await settleBillingAddress(trx, customer, change.billing_address);
      await updateCustomer(trx, id, differing(customer, { ...columns, ...billing }));
      const sparedToken = call.credential?.tokenPrint;
      const version = hash ? await changePassword(trx, id, hash, { at: new Date(), sparedToken }) : undefined;
      await this.events.publish(trx, { name: "customer.updated", data: await loadCustomer(trx, id) });
      return { version, answer: await showCustomer(trx, id) };
    });
    if (changed.version !== undefined && !call.credential?.tokenPrint) await call.session.goOn(changed.version);
    return changed.answer;
  }

  /**
   * Adds to the address book, unless the address stands there already.
   * @throws NotFound the customer or the country
   */
  addAddress(call: Call, address: NewAddress): CustomerAnswer {
    return this.#onBook(call, async (trx, customerId) => {
      if (isInBook(await findAddresses(trx, customerId), address)) return;
      await insertAddress(trx, { ...addressColumns(address), customer_id: customerId });
    });
  }

  /**
   * Changes an entry of the address book; orders placed with it keep it as it was.
   * @throws InvalidData the address is not the customer's · NotFound the customer or the country
   */
  updateAddress(call: Call, addressId: string, change: AddressChange): CustomerAnswer {
    const customerId = call.customerId!;
    return useCase(this.database, async (trx) => {
      if (!(await isOwnAddress(trx, customerId, addressId))) throw new InvalidData("Could not find address for customer");
      await updateAddress(trx, addressId, addressColumns(change));
      return showCustomer(trx, customerId);
    });
  }

  /**
   * Takes an entry out of the address book; one that is not in it is none, and that is fine.
   * @throws NotFound the customer
   */
  removeAddress(call: Call, addressId: string): CustomerAnswer {
    return this.#onBook(call, (trx, customerId) => removeAddress(trx, customerId, addressId));
  }

  /** The customer is locked, so that two additions never put the same address in twice. */
  #onBook(call: Call, work: (trx: Transaction, customerId: string) => Promise<void>): CustomerAnswer {
    return useCase(this.database, async (trx) => {
      const { id } = await lockCustomer(trx, call.customerId!);
      await work(trx, id);
      return showCustomer(trx, id);
    });
  }
}

async function mustBeFree(trx: Transaction, { id, has_account }: LockedCustomer, email: unknown): Promise<void> {
  if (typeof email !== "string" || !(await isEmailTaken(trx, email, id, has_account))) return;
  throw new Duplicate(`Customer with email, has_account ${email}, ${has_account ? "t" : "f"} already exists.`);
}
