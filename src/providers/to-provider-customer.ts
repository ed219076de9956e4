import type { ProviderCustomer } from "./parties.ts";

/** What providers see of a stored customer. */
export interface CustomerRow {
  readonly id: string;
  readonly email: string;
  readonly metadata: unknown;
}

/** A customer as providers see them. */
export function toProviderCustomer(row: CustomerRow | null | undefined): ProviderCustomer | null {
  if (!row) return null;
  const { id, email, metadata } = row;
  return { id, email, metadata: metadata as ProviderCustomer["metadata"] };
}
