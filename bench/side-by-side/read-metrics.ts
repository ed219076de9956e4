import type { Server } from "./servers.ts";

/** What Nettle's memory of the catalogue has done so far. */
export interface MemoryCounts {
  readonly hits: number;
  readonly misses: number;
  /** Bytes that are kept. */
  readonly bytes: number;
}

/** Returns undefined for a server without metrics. */
export async function readMemoryCounts({ metricsUrl }: Server): Promise<MemoryCounts | undefined> {
  if (!metricsUrl) return undefined;
  const text = await (await fetch(metricsUrl)).text();
  const metric = (name: string) =>
    Number(new RegExp(`^catalogue_memory_${name} (\\S+)`, "m").exec(text)?.[1] ?? 0);
  return { hits: metric("hits_total"), misses: metric("misses_total"), bytes: metric("bytes") };
}

/** The part of the catalogue's reads that came from memory meanwhile, from 0 to 1. */
export function hitRateBetween(
  before: MemoryCounts | undefined,
  after: MemoryCounts | undefined,
): number | undefined {
  if (!before || !after) return undefined;
  const [hits, misses] = [after.hits - before.hits, after.misses - before.misses];
  return hits + misses === 0 ? undefined : Number((hits / (hits + misses)).toFixed(4));
}
