import type { Tree } from "../graph/entity.ts";
import type { ProviderCustomer } from "./parties.ts";

/** A customer as providers see them. */
export function toProviderCustomer(row: Tree | null | undefined): ProviderCustomer | null {
  if (!row) return null;
  return {
    id: row["id"] as string,
    email: row["email"] as string,
    metadata: row["metadata"] as ProviderCustomer["metadata"],
  };
}
