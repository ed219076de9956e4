import type { ProviderAddress } from "../parties.ts";

/** Returns an address for the checks; `changes` replace some of it. */
export function addressOf(changes: Readonly<Record<string, string>> = {}): ProviderAddress {
  return {
    first_name: "Contract",
    last_name: "Test",
    company: null,
    address_1: "Unter den Linden 1",
    address_2: null,
    postal_code: "10117",
    city: "Berlin",
    province: null,
    country_code: "de",
    phone: null,
    ...changes,
  };
}
