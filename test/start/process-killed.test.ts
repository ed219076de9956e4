import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { processesOn } from "../support/embedded-postgres-fixture.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

let program: NettleProgram;
let folder: string;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => program.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nettle-killed-"));
  // PostgreSQL does not run as root: the user it runs as must get in.
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const data = () => join(folder, "data");

async function untilNothingRuns(): Promise<void> {
  for (let tries = 0; processesOn(folder).length > 0; tries++) {
    if (tries > 200) throw new Error("PostgreSQL was left behind");
    await sleep(50);
  }
}

async function titles(url: string): Promise<string[]> {
  const answer = await fetch(`${url}/store/products?limit=100&fields=title&expand=`);
  const { products } = (await answer.json()) as { products: { title: string }[] };
  return products.map((product) => product.title);
}

describe("the data directory of nettle serve", () => {
  it("is repaired after a kill during the first start", async () => {
    for (const delay of [150, 300, 450, 600, 750, 900, 1100, 1400]) {
      await program.killAfter(delay, { NETTLE_DATA: data() });
      await untilNothingRuns();
    }
    const server = await program.serve({ NETTLE_DATA: data() });
    const shown = await titles(server.url);
    expect(shown).toHaveLength(40);
    expect(new Set(shown).size).toBe(40);
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
    await untilNothingRuns();
  });

  it("keeps its data after a kill", async () => {
    const first = await program.serve({ NETTLE_DATA: data() });
    const shown = await titles(first.url);
    const asking = Promise.allSettled(Array.from({ length: 50 }, () => titles(first.url)));
    await sleep(20);
    first.signal("SIGKILL");
    await asking;
    await first.ended();
    const again = await program.serve({ NETTLE_DATA: data() });
    expect(await titles(again.url)).toEqual(shown);
    again.signal("SIGKILL");
    await again.ended();
    await untilNothingRuns();
  });

  it("cannot be used by two processes", async () => {
    const first = await program.serve({ NETTLE_DATA: data() });
    const second = await program.run("serve", { NETTLE_DATA: data(), PORT: "0" });
    expect(second.code).toBe(1);
    expect(second.error.trim().split("\n")).toHaveLength(1);
    expect(second.error).toContain(data());
    first.signal("SIGINT");
    expect(await first.ended()).toBe(0);
    await untilNothingRuns();
  });
});
