import { InvalidDataError } from "../../core/errors.ts";
import type { AddressChange, NewAddress } from "./address-schemas.ts";
import type { CustomerChange } from "./customer-schemas.ts";

type Metadata = Readonly<Record<string, unknown>>;

/** An account without a password would be a guest's, and a guest's e-mail proves nothing. */
export function mustHavePassword(password: string): void {
  if (password === "") throw new InvalidDataError("password should not be empty");
}

/**
 * Medusa's merge: what is sent replaces what is there key by key, an empty text takes a key away.
 */
export function mergedMetadata(present: Metadata | null, input: Metadata): Metadata {
  const merged = new Map(Object.entries({ ...present, ...input }));
  for (const [key, value] of Object.entries(input)) if (value === "") merged.delete(key);
  // A name that changes an object's kind in programs that are careless with it.
  merged.delete("__proto__");
  return Object.fromEntries(merged);
}

/**
 * The columns of a customer that a change touches, apart from address and password. An e-mail is
 * kept in lower case.
 */
export function changedColumns(
  present: { metadata: Metadata | null },
  change: CustomerChange,
): Record<string, unknown> {
  const { first_name, last_name, phone, email, metadata } = change;
  return withoutUndefined({
    first_name,
    last_name,
    phone,
    email: email === null ? null : email?.toLowerCase(),
    metadata: metadata ? JSON.stringify(mergedMetadata(present.metadata, metadata)) : undefined,
  });
}

/**
 * The columns of an address that were sent; a country's code is kept in lower case, and null leaves
 * it as it is, as in Medusa.
 */
export function addressColumns(address: AddressChange | NewAddress): Record<string, unknown> {
  const { country_code, metadata } = address;
  return withoutUndefined({
    ...address,
    country_code: country_code?.toLowerCase(),
    metadata: metadata === null || metadata === undefined ? metadata : JSON.stringify(metadata),
  });
}

/**
 * Those of the columns to write that differ from what is there: what stays as it is was not
 * changed, nor when it was.
 */
export function changedValues(
  present: object,
  columns: Record<string, unknown>,
): Record<string, unknown> {
  const entries = Object.entries(present).map(([name, value]) => [
    name,
    isJson(value) ? JSON.stringify(value) : value,
  ]);
  const former = Object.fromEntries(entries);
  return Object.fromEntries(
    Object.entries(columns).filter(([name, value]) => value !== former[name]),
  );
}

const isJson = (value: unknown): boolean => typeof value === "object" && value !== null;

const COMPARED = [
  "first_name",
  "last_name",
  "phone",
  "address_1",
  "address_2",
  "city",
  "country_code",
  "province",
  "postal_code",
] as const;

/**
 * Whether the book holds the address already. A field that was left out is like nothing, not even
 * like an empty one, as in Medusa.
 */
export function isInBook(book: readonly Record<string, unknown>[], address: NewAddress): boolean {
  const input = { ...address, country_code: address.country_code.toLowerCase() };
  return book.some((entry) => COMPARED.every((field) => entry[field] === input[field]));
}

function withoutUndefined(columns: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
