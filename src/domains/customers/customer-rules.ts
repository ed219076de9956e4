import { isDeepStrictEqual } from "node:util";
import { InvalidDataError } from "../../core/errors.ts";
import { type JsonBounds, mustFitJson } from "../../core/json-bounds.ts";
import type { AddressChange, NewAddress } from "./address-schemas.ts";
import type { CustomerChange } from "./customer-schemas.ts";

type Metadata = Readonly<Record<string, unknown>>;

/**
 * Requires a password: an account without one would be a guest's, and a guest's e-mail proves
 * nothing.
 * @throws InvalidDataError if the password is empty
 */
export function mustHavePassword(password: string): void {
  if (password === "") throw new InvalidDataError("password should not be empty");
}

/**
 * Returns metadata merged as in Medusa: each key that was sent replaces the present one, and an
 * empty string removes it.
 */
export function mergedMetadata(present: Metadata | null, input: Metadata): Metadata {
  const merged = new Map(Object.entries({ ...present, ...input }));
  for (const [key, value] of Object.entries(input)) if (value === "") merged.delete(key);
  // This key could change an object's prototype in programs that copy it without care.
  merged.delete("__proto__");
  return Object.fromEntries(merged);
}

/** How much is kept for one customer. */
export interface CustomerBounds {
  /** The most entries of an address book. */
  readonly addresses: number;
  /** Of the customer's metadata, after a change is merged. */
  readonly metadata: JsonBounds;
}

/**
 * Requires room for one more entry in an address book.
 * @throws InvalidDataError
 */
export function mustHaveRoomInBook(book: readonly unknown[], { addresses }: CustomerBounds): void {
  if (book.length >= addresses)
    throw new InvalidDataError(`An address book must not have more than ${addresses} addresses`);
}

/**
 * Requires that a change leaves those keys of the metadata alone that providers know a customer by.
 * They may be sent back as they are.
 * @throws InvalidDataError naming the key
 */
export function mustLeaveReservedKeys(
  present: Metadata | null,
  input: Metadata | null | undefined,
  reserved: ReadonlySet<string>,
): void {
  for (const [key, value] of Object.entries(input ?? {})) {
    if (reserved.has(key) && !isDeepStrictEqual(value, present?.[key]))
      throw new InvalidDataError(`metadata.${key} cannot be changed`);
  }
}

/**
 * Returns the columns of a customer that a change sets, except address and password. The e-mail is
 * stored in lower case.
 * @throws InvalidDataError if the merged metadata is too large
 */
export function changedColumns(
  present: { metadata: Metadata | null },
  change: CustomerChange,
  bounds: CustomerBounds,
): Record<string, unknown> {
  const { first_name, last_name, phone, email } = change;
  const metadata = change.metadata && mergedMetadata(present.metadata, change.metadata);
  mustFitJson("metadata", metadata, bounds.metadata, present.metadata);
  return withoutUndefined({
    first_name,
    last_name,
    phone,
    email: email === null ? null : email?.toLowerCase(),
    metadata: metadata ? JSON.stringify(metadata) : undefined,
  });
}

/**
 * Returns the columns of an address that were sent. The country code is stored in lower case; as in
 * Medusa, null does not change it.
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
 * Returns only those columns to write that differ from the present row, so that an update without
 * changes leaves `updated_at` as it is.
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
 * Returns whether the address book already contains an address. As in Medusa, a missing field
 * matches nothing, not even an empty one.
 */
export function isInBook(book: readonly Record<string, unknown>[], address: NewAddress): boolean {
  const input = { ...address, country_code: address.country_code.toLowerCase() };
  return book.some((entry) => COMPARED.every((field) => entry[field] === input[field]));
}

function withoutUndefined(columns: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
