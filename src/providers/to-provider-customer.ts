import type { ProviderCustomer } from "./parties.ts";

/** The columns of a customer that providers receive. */
export interface CustomerRow {
  readonly id: string;
  readonly email: string;
  readonly metadata: unknown;
}

/** Returns a customer as providers receive it. */
export function toProviderCustomer(row: CustomerRow | null | undefined): ProviderCustomer | null {
  if (!row) return null;
  const { id, email, metadata } = row;
  return { id, email, metadata: metadata as ProviderCustomer["metadata"] };
}
