import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Closers } from "../../test/support/closers.ts";
import { checkOut } from "./checkout.ts";
import { Connection } from "./http-load.ts";
import { readsOf } from "./reads.ts";
import { type ShopPlace, startNettle } from "./servers.ts";
import { loadShop } from "./shop.ts";

const SECONDS = 8;
const SHOWN = 20;

interface CpuProfile {
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * Prints where Nettle's time goes in a workload: the part of each package, and the functions with
 * the greatest part, both without what they call.
 * @throws Error there is no workload of that name
 */
export async function printProfile(
  closers: Closers,
  place: ShopPlace,
  workload: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "nettle-bench-profile-"));
  closers.add(() => rmSync(folder, { recursive: true, force: true }));
  const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`];
  const server = await startNettle(closers, "Nettle", place, { CATALOGUE_MEMORY: "0" }, flags);
  const again = await requestsOf(server.url, workload);
  await forSeconds(2, again);
  const from = monotonicMicroseconds();
  const count = await forSeconds(SECONDS, again);
  const to = monotonicMicroseconds();
  await server.stop("SIGTERM");
  const [file] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(join(folder, file!), "utf8")) as CpuProfile;
  console.log(`\n${workload}, ${count} times one after another, nothing from memory`);
  printShares(profile, from, to);
}

const monotonicMicroseconds = () => Number(process.hrtime.bigint() / 1000n);

async function requestsOf(url: string, workload: string): Promise<() => Promise<void>> {
  const shop = await loadShop(url);
  const connection = new Connection(url);
  const reads = readsOf(shop);
  if (workload === "checkout")
    return () => checkOut(connection, shop, shop.variants[0]!, () => undefined);
  if (workload === "add-line") {
    const path = `/store/carts/${shop.cartId}/line-items`;
    const body = JSON.stringify({ variant_id: shop.variants[0], quantity: 1 });
    return async () => void (await connection.ask({ method: "POST", path, body }, false));
  }
  const read = reads.find(({ name }) => slug(name) === workload);
  const names = ["checkout", "add-line", ...reads.map(({ name }) => slug(name))];
  if (!read) throw new Error(`There is no workload ${workload}. There are ${names.join(", ")}`);
  return async () => void (await connection.ask(read.sent, false));
}

const slug = (name: string) => name.replaceAll(/\W+/g, "-");

async function forSeconds(seconds: number, run: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  let count = 0;
  for (; performance.now() - begin < seconds * 1000; count++) await run();
  return count;
}

function printShares(profile: CpuProfile, from: number, to: number): void {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  let [now, total] = [profile.startTime, 0];
  for (const [at, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[at] ?? 0;
    now += delta;
    const frame = frames.get(id);
    if (!frame || now < from || now > to || frame.functionName === "(idle)") continue;
    const name = packageOf(frame);
    total += delta;
    packages.set(name, (packages.get(name) ?? 0) + delta);
    const own = `${frame.functionName || "(anonymous)"} [${name}]`;
    functions.set(own, (functions.get(own) ?? 0) + delta);
  }
  console.log(`busy for ${((100 * total) / (to - from)).toFixed(0)} % of the time\n`);
  for (const [title, shares, limit] of [
    ["package", packages, SHOWN],
    ["function", functions, SHOWN],
  ] as const) {
    console.log(`share   own time by ${title}`);
    const sorted = [...shares].toSorted(([, one], [, other]) => other - one).slice(0, limit);
    for (const [name, time] of sorted)
      console.log(`${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`);
    console.log();
  }
}

function packageOf({ url, functionName }: CpuProfile["nodes"][number]["callFrame"]): string {
  if (functionName === "(garbage collector)") return "garbage collection";
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (name) return name;
  return url.startsWith("file:") ? "Nettle" : "Node.js";
}
