import type { Knex } from "knex";
import type { Transaction } from "../../commands/transaction.ts";
import { query, sql } from "../../database/sql.ts";
import type { ProviderCustomer } from "../../providers/parties.ts";
import type { Providers } from "../../providers/providers.ts";

type Json = Readonly<Record<string, unknown>>;

/** The logged-in customer who pays, as each payment provider receives them. */
export interface Payer {
  readonly id: string;
  readonly email: string;
  /** Returns the customer for one provider, with what that provider asked to store. */
  readonly forProvider: (providerId: string) => ProviderCustomer;
}

/**
 * Finds a customer who pays. A provider receives only what it asked to store, and what Medusa's
 * plugin of it left in those keys of the customer's metadata that customers cannot write.
 */
export async function findPayer(
  connection: Knex,
  { payment }: Providers,
  customerId: string,
): Promise<Payer | undefined> {
  const [row] = await query<{
    id: string;
    email: string;
    metadata: Json | null;
    stored: Readonly<Record<string, Json>> | null;
  }>(
    connection,
    sql`select c.id, c.email, c.metadata,
        (select json_object_agg(p.provider_id, p.data) from nettle_provider_customer p
          where p.customer_id = c.id) as stored
      from customer c where c.id = ${customerId} and c.deleted_at is null`,
  );
  if (!row) return;
  const { id, email, metadata, stored } = row;
  return {
    id,
    email,
    forProvider: (providerId) => ({
      id,
      email,
      metadata: {
        ...pickKeys(metadata ?? {}, payment.get(providerId).reservedCustomerKeys),
        ...stored?.[providerId],
      },
    }),
  };
}

function pickKeys(metadata: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => keys.includes(key)));
}

/** Stores what a provider wants to receive with the next question about a customer. */
export async function saveProviderCustomer(
  trx: Transaction,
  customerId: string,
  providerId: string,
  data: Json,
): Promise<void> {
  await query(
    trx,
    sql`insert into nettle_provider_customer (customer_id, provider_id, data)
      values (${customerId}, ${providerId}, ${JSON.stringify(data)}::jsonb)
      on conflict (customer_id, provider_id) do update
        set data = nettle_provider_customer.data || excluded.data, updated_at = now()`,
  );
}
