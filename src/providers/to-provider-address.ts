import type { Tree } from "../graph/entity.ts";
import type { ProviderAddress } from "./parties.ts";

const ADDRESS_COLUMNS = [
  "first_name",
  "last_name",
  "company",
  "address_1",
  "address_2",
  "postal_code",
  "city",
  "province",
  "country_code",
  "phone",
] as const;

/** Returns an address as providers receive it. */
export function toProviderAddress(row: Tree | null): ProviderAddress | null {
  return (
    row &&
    (Object.fromEntries(
      ADDRESS_COLUMNS.map((column) => [column, row[column] ?? null]),
    ) as unknown as ProviderAddress)
  );
}
