import type { ProviderAddress } from "./parties.ts";

/** Returns an address as providers receive it. */
export function toProviderAddress(row: Partial<ProviderAddress> | null): ProviderAddress | null {
  return (
    row && {
      first_name: row.first_name ?? null,
      last_name: row.last_name ?? null,
      company: row.company ?? null,
      address_1: row.address_1 ?? null,
      address_2: row.address_2 ?? null,
      postal_code: row.postal_code ?? null,
      city: row.city ?? null,
      province: row.province ?? null,
      country_code: row.country_code ?? null,
      phone: row.phone ?? null,
    }
  );
}
