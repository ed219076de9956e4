import type { ProviderCustomer } from "./parties.ts";

/** The columns of a customer that providers receive. */
export interface CustomerRow {
  readonly id: string;
  readonly email: string;
  readonly has_account?: boolean;
  readonly metadata?: unknown;
}

/**
 * Returns a customer as tax providers receive it. A guest has no metadata: the e-mail that a
 * visitor typed proves nothing.
 */
export function toProviderCustomer(row: CustomerRow | null | undefined): ProviderCustomer | null {
  if (!row) return null;
  const { id, email, has_account, metadata = null } = row;
  return { id, email, metadata: has_account ? (metadata as ProviderCustomer["metadata"]) : null };
}
