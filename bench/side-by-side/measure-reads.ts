import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  addWorkload,
  type Bench,
  byTurns,
  loadTurn,
  type PlannedStep,
  secondsOfTurns,
  type Turn,
} from "./bench.ts";
import { type Read, readsOf, readsOfManyProducts } from "./reads.ts";
import { POSTGRESQL } from "./report.ts";
import { type Server, startBare } from "./servers.ts";
import type { Shop } from "./shop.ts";
import type { StatementLoop } from "./statement-loop.ts";

const AT_ONCE = 16;
/** Medusa needs long for pages of a large catalogue. */
const SLOWEST_SECONDS = 90;
const MAIN = ["12 products", "product by handle", "regions"];

/** A server and what its shop holds. */
export interface OpenShop {
  readonly server: Server;
  readonly shop: Shop;
}

interface ReadServers {
  readonly nettle: OpenShop;
  readonly uncached: OpenShop;
  readonly medusa: OpenShop;
  readonly statements: StatementLoop;
}

/** Reads of a storefront, each beside what limits it. */
export async function planReads(
  bench: Bench,
  { nettle, uncached, medusa, statements }: ReadServers,
): Promise<PlannedStep[]> {
  const reads = readsOf(nettle.shop).filter(
    ({ name }) => !bench.options.isQuick || MAIN.includes(name),
  );
  const bare = await openBare(bench, nettle.server.url, reads);
  return reads.map((read) => {
    const turns = [
      turnOf(read.name, nettle, readsOf),
      ...(read.isKept ? [turnOf(read.name, uncached, readsOf)] : []),
      ...(read.isMedusas ? [turnOf(read.name, medusa, readsOf)] : []),
      ...(read.isKept ? bare.map((server) => loadTurn(server, () => read.sent, AT_ONCE)) : []),
      statementTurn(statements, read),
    ];
    return stepOfTurns(bench, read.name, turns);
  });
}

/** Reads of a large catalogue, beside the same of the demo shop; nothing comes from memory. */
export function planReadsOfManyProducts(
  bench: Bench,
  { uncached, demo, medusa, statements }: Omit<ReadServers, "nettle"> & { demo: OpenShop },
): PlannedStep[] {
  return readsOfManyProducts(uncached.shop).map((read) => {
    const turns = [
      turnOf(read.name, uncached, readsOfManyProducts),
      turnOf(read.name, demo, readsOfManyProducts),
      ...(read.isMedusas ? [turnOf(read.name, medusa, readsOfManyProducts)] : []),
      statementTurn(statements, read),
    ];
    return stepOfTurns(bench, read.name, turns);
  });
}

const stepOfTurns = (bench: Bench, name: string, turns: readonly Turn[]): PlannedStep => ({
  name,
  seconds: secondsOfTurns(bench, turns.length),
  run: async () => addWorkload(bench, name, await byTurns(bench, turns)),
});

/** Each server is asked for what its own shop holds. */
function turnOf(name: string, { server, shop }: OpenShop, readsIn: (shop: Shop) => Read[]): Turn {
  const { sent } = readsIn(shop).find((read) => read.name === name)!;
  return loadTurn(server, () => sent, AT_ONCE, SLOWEST_SECONDS);
}

const statementTurn = (statements: StatementLoop, { sent }: Read): Turn => ({
  name: POSTGRESQL,
  run: (seconds) => statements.read(sent, AT_ONCE, seconds),
});

/** Starts servers that send what Nettle answers, headers and body, and do nothing else. */
async function openBare(
  { closers }: Bench,
  url: string,
  reads: readonly Read[],
): Promise<readonly Server[]> {
  const answers: Record<string, { headers: Record<string, string>; body: string }> = {};
  for (const { sent, isKept } of reads) {
    if (!isKept) continue;
    const answer = await fetch(url + sent.path);
    const headers = [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
    answers[sent.path] = { headers: Object.fromEntries(headers), body: await answer.text() };
  }
  const folder = mkdtempSync(join(tmpdir(), "nettle-bench-answers-"));
  closers.add(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "answers.json");
  writeFileSync(file, JSON.stringify(answers));
  return [await startBare(closers, "http", file), await startBare(closers, "express", file)];
}

const OF_THE_CONNECTION = new Set(["date", "connection", "keep-alive"]);
