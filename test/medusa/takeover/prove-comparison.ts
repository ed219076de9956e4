import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { run, type Takeover } from "./takeover.ts";

const MEDUSA_KEEPS_MS = 31_000;

/**
 * Expects `nettle compare` to find only what is documented between both servers, and to find a
 * changed title between Medusa and a Nettle that shows one.
 */
export async function proveComparison(takeover: Takeover, nettle: string): Promise<string> {
  const { url } = takeover.medusa.running;
  const compare = (other: string, sample: number) =>
    run(takeover, `compare --medusa ${url} --nettle ${other} --sample ${sample} --json`);
  const once = () => compare(nettle, takeover.sample);
  const { requests, equal } = JSON.parse(await withoutOldPrices(once)) as {
    readonly requests: number;
    readonly equal: number;
  };
  assert.ok(equal > 0, "No answer of both servers was equal");
  const changed = await withOtherTitles(nettle);
  try {
    await assert.rejects(
      compare(changed.url, 1),
      /ended with 1:[\s\S]*"path": "products\[\*\]\.title"/,
    );
  } finally {
    changed.close();
  }
  return `${requests} reads, ${equal} answered alike, the others as documented`;
}

/** Medusa keeps prices for half a minute, also those that were edited while it read them. */
async function withoutOldPrices(compare: () => Promise<string>): Promise<string> {
  try {
    return await compare();
  } catch {
    await sleep(MEDUSA_KEEPS_MS);
    return compare();
  }
}

/** Opens a server that answers as another one does, but with other titles. */
async function withOtherTitles(origin: string): Promise<{ url: string; close: () => void }> {
  const server = createServer(async (req, res) => {
    const answer = await fetch(origin + req.url);
    const text = (await answer.text()).replaceAll('"title":"', '"title":"Not ');
    res.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
