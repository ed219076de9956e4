import type { Tree } from "../graph/entity.ts";
import type { ProviderCustomer } from "./parties.ts";

/** Returns a customer as providers receive it. */
export function toProviderCustomer(row: Tree | null | undefined): ProviderCustomer | null {
  if (!row) return null;
  return {
    id: row["id"] as string,
    email: row["email"] as string,
    metadata: row["metadata"] as ProviderCustomer["metadata"],
  };
}
