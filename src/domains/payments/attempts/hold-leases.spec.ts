import type { Knex } from "knex";
import { pino } from "pino";
import { expect, it } from "vitest";
import { type CheckoutLease, checkoutLeases } from "./checkout-leases.ts";
import { holdLeases } from "./hold-leases.ts";

/** A database that does not answer. */
const database = {
  client: { acquireConnection: () => Promise.reject(new Error("The database is away")) },
} as unknown as Knex;
const lease = { cart_id: "cart_1", fence: "1" } as CheckoutLease;

it("throws the provider's error, also if the lease cannot be released, and logs that", async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const fail = () => Promise.reject(new Error("The provider is away"));
  await expect(holdLeases({ database, log }, checkoutLeases, [lease], fail)).rejects.toThrow(
    "The provider is away",
  );
  expect(lines).toMatchObject([
    {
      level: 40,
      event: "lease_release_failed",
      table: "nettle_checkout",
      keys: ["cart_1"],
      err: { message: "The database is away" },
    },
  ]);
});
