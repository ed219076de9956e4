import { randomBytes } from "node:crypto";
import { resourceMissing } from "./stripe-api-error.ts";
import type { FakeCustomer, FakePaymentMethod } from "./stripe-objects.ts";

/** The customers of an account, and the cards that they have saved. */
export class StripeCustomers {
  readonly methods = new Map<string, FakePaymentMethod>();
  readonly #customers = new Map<string, FakeCustomer>();

  get(id: string): FakeCustomer | undefined {
    return this.#customers.get(id);
  }

  create(given: Readonly<Record<string, unknown>>): FakeCustomer {
    const customer: FakeCustomer = {
      id: newStripeId("cus"),
      object: "customer",
      created: Math.floor(Date.now() / 1000),
      email: (given["email"] as string | undefined) ?? null,
      metadata: { ...(given["metadata"] as Record<string, string> | undefined) },
    };
    this.#customers.set(customer.id, customer);
    return customer;
  }

  /** Deletes a customer, as somebody does in Stripe's dashboard. */
  delete(id: string): void {
    this.#customers.delete(id);
  }

  /** A customer's saved card. */
  saveCard(customer: string, last4: string): FakePaymentMethod {
    const method: FakePaymentMethod = {
      ...{ id: newStripeId("pm"), object: "payment_method", type: "card" },
      ...{ card: { brand: "visa", last4 }, customer: this.idOf(customer) },
    };
    this.methods.set(method.id, method);
    return method;
  }

  /** @throws StripeApiError if there is no such customer */
  methodsOf(customer: string, type: string): FakePaymentMethod[] {
    this.idOf(customer);
    return [...this.methods.values()].filter(
      (method) => method.customer === customer && method.type === type,
    );
  }

  /**
   * Returns the id of a customer that a request names; null where it names none.
   * @throws StripeApiError if there is no such customer
   */
  idOf(id: unknown): string | null {
    if (id === undefined || id === "") return null;
    if (!this.#customers.has(String(id))) throw resourceMissing("customer", String(id), "customer");
    return String(id);
  }
}

/** Returns a new id of Stripe's, such as `pi_…`. */
export const newStripeId = (prefix: string) => `${prefix}_${randomBytes(12).toString("hex")}`;
