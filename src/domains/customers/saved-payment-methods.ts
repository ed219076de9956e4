import type { Knex } from "knex";
import { NotFoundError, ShopError } from "../../core/errors.ts";
import type { Providers } from "../../providers/providers.ts";
import type { Log } from "../../runtime/log.ts";
import { findPayer } from "../payments/provider-customers.ts";

/** A payment method that a customer has saved with a provider. `data` is the provider's own. */
interface SavedPaymentMethod {
  readonly provider_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Lists the payment methods that customers have saved with payment providers. */
export class SavedPaymentMethods {
  constructor(
    private readonly database: Knex,
    private readonly providers: Providers,
    private readonly log: Log,
  ) {}

  /**
   * Returns a customer's payment methods, in the order of the providers, which are called
   * concurrently. A provider that fails is left out, so that the other methods stay usable.
   * @throws NotFoundError if the customer does not exist
   */
  async list(customerId: string): Promise<{ payment_methods: SavedPaymentMethod[] }> {
    const payer = await findPayer(this.database, this.providers, customerId);
    if (!payer) throw new NotFoundError(`Customer with id: ${customerId} was not found`);
    const { payment } = this.providers;
    const lists = payment.ids.map(async (id) => {
      const pending = payment.get(id).savedMethods?.({ customer: payer.forProvider(id) });
      const methods =
        (await pending?.catch((error: unknown) => this.#skipProvider(id, error))) ?? [];
      return methods.map(({ data }) => ({ provider_id: id, data }));
    });
    return { payment_methods: (await Promise.all(lists)).flat() };
  }

  #skipProvider(provider: string, error: unknown): [] {
    if (!(error instanceof ShopError)) throw error;
    this.log.warn(
      { event: "saved_payment_methods_failed", provider, err: error },
      "A payment provider failed to list saved payment methods",
    );
    return [];
  }
}
