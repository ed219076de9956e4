import { expect } from "vitest";
import type { BothServers } from "./open-both.ts";

/**
 * Expects both servers to answer a path of the Store API with the same body, and returns it. Lists
 * are compared sorted by id. Without a login, Nettle shows only the id and e-mail of a customer.
 */
export async function expectSameOnBoth(
  { medusa, nettle }: BothServers,
  path: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const [theirs, ours] = [
    await medusa.store.get(path, headers),
    await nettle.store.get(path, headers),
  ];
  expect(theirs.status, `Medusa's answer to ${path}: ${theirs.text}`).toBe(200);
  expect(ours.status, `Nettle's answer to ${path}: ${ours.text}`).toBe(200);
  const isLoggedIn = Object.keys(headers).length > 0;
  const expected = isLoggedIn ? theirs.body : withoutCustomerDetails(theirs.body);
  expect(byId(ours.body)).toEqual(byId(expected));
  return ours.body;
}

function withoutCustomerDetails(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCustomerDetails);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      if (key !== "customer" || part === null) return [key, withoutCustomerDetails(part)];
      const { id, email } = part as { readonly id: string; readonly email: string };
      return [key, { id, email }];
    }),
  );
}

function byId(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(byId).toSorted((one, other) => idOf(one).localeCompare(idOf(other)));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, byId(part)]));
}

const idOf = (value: unknown): string =>
  String((value as { id?: string } | null)?.id ?? JSON.stringify(value));
