import { expect } from "vitest";
import type { CatalogueMemory } from "../../src/catalogue-memory/catalogue-memory.ts";
import type { Answer, ApiClient } from "../support/api-client.ts";
import { countStatements } from "../support/count-statements.ts";

type Remembering = Pick<ApiClient, "get"> & { readonly memory: CatalogueMemory };
type Headers = Readonly<Record<string, string>>;

/** Waits until notifications are known to arrive. */
export async function untilServing({ memory }: Pick<Remembering, "memory">): Promise<void> {
  await expect.poll(() => memory.isCurrent, { timeout: 10_000 }).toBe(true);
}

/** Reads until the answer comes from memory, and returns it. */
export async function readFromMemory(
  shop: Remembering,
  path: string,
  headers: Headers = {},
): Promise<Answer> {
  await untilServing(shop);
  for (let times = 0; times < 20; times++) {
    const { hits, misses } = shop.memory.counts;
    const answer = await shop.get(path, headers);
    if (shop.memory.counts.hits > hits && shop.memory.counts.misses === misses) return answer;
  }
  throw new Error(`${path} is not kept`);
}

/** Polls an answer until a change has arrived. */
export const soon = <T>(read: () => Promise<T>) =>
  expect.poll(read, { timeout: 2_000, interval: 5 });

/** Returns the statements of a function, without the pings of the listener. */
export async function countOwnStatements(run: () => Promise<unknown>): Promise<string[]> {
  const statements = await countStatements(run);
  return statements.filter((text) => !text.includes("nettle_catalogue_notify"));
}
