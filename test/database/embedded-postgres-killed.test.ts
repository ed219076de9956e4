import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { ask, openStage, postmasterOf, processesOn, socketOf } from "../support/embedded-postgres-program.ts";

const stage = openStage();

describe("when something is killed", () => {
  it("Nettle: PostgreSQL ends too, and the next start has the data", async () => {
    const one = stage.start();
    const { url } = (await one.next())!;
    await ask(url!, "CREATE TABLE kept AS SELECT 7 AS seven");
    await one.kill();
    const next = await stage.start().next();
    expect(await ask(next!.url!, "TABLE kept")).toEqual([{ seven: 7 }]);
    await stage.running[1]!.kill();
    await stage.nothingRuns();
    await vi.waitFor(() => expect([url, next!.url].map((each) => existsSync(socketOf(each!)))).toEqual([false, false]), 20_000);
  });

  it("Nettle, with a client that holds a connection and a transaction open", async () => {
    const one = stage.start();
    const { url } = (await one.next())!;
    const lost = ask(url!, "SELECT pg_sleep(600)").catch((error) => error.code);
    await vi.waitFor(async () =>
      expect(await ask(url!, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).toHaveLength(1),
    );
    await one.kill();
    expect(await lost).toBeDefined();
    await stage.nothingRuns();
  });

  it("nothing, but Nettle exits without stopping it", async () => {
    const one = stage.start();
    await one.next();
    await one.tell("exit");
    await stage.nothingRuns();
  });

  it("by Ctrl-C: PostgreSQL goes on until Nettle stops it", async () => {
    const one = stage.start();
    const { url } = (await one.next())!;
    process.kill(-one.child.pid!, "SIGINT");
    expect(await one.next()).toEqual({ interrupted: true });
    expect(await ask(url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await one.tell("stop");
    expect(processesOn(stage.folder)).toEqual([]);
  });

  it("Nettle in the middle of the first start: the next one makes the database", async () => {
    for (const moment of [20, 150, 300]) {
      stage.directory = join(stage.folder, `killed-after-${moment}`);
      const one = stage.start();
      const begun = () => expect(readdirSync(stage.directory).some((name) => name.startsWith("postgres.new-"))).toBe(true);
      await vi.waitFor(begun, { timeout: 20_000, interval: 5 });
      await sleep(moment);
      await one.kill();
      const next = stage.start();
      expect(await ask((await next.next())!.url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await next.tell("stop");
      expect(readdirSync(stage.directory).sort()).toEqual(["postgres", "postgres.log"]);
    }
  });

  it("PostgreSQL: Nettle is told in a sentence, and the next start recovers", async () => {
    const one = stage.start();
    const { url } = (await one.next())!;
    await ask(url!, "CREATE TABLE kept AS SELECT 7 AS seven");
    process.kill(postmasterOf(stage.directory), "SIGKILL");
    expect((await one.next())?.lost).toMatch(/^The embedded PostgreSQL in .* has ended; its log .*postgres.log ends with: /);
    const next = await stage.start().next();
    expect(await ask(next!.url!, "TABLE kept")).toEqual([{ seven: 7 }]);
    await one.tell("stop");
  });

  it("Nettle, while PostgreSQL takes its time to end: the next start waits for it", async () => {
    const one = stage.start();
    await one.next();
    const old = postmasterOf(stage.directory);
    process.kill(old, "SIGSTOP");
    await one.kill();
    const next = stage.start();
    const answer = next.next();
    expect(await Promise.race([answer, sleep(1_500, "waiting")])).toBe("waiting");
    process.kill(old, "SIGCONT");
    expect((await answer)?.url).toBeDefined();
    expect(postmasterOf(stage.directory)).not.toBe(old);
  });

  it("everything at once, and PostgreSQL's process id is another program's by now", async () => {
    await stage.filled();
    // As another start would see it: owned by the user who runs PostgreSQL, so that it looks like one.
    const { uid, gid } = statSync(join(stage.directory, "postgres"));
    const stranger = spawn("sleep", ["600"], { uid, gid, cwd: "/", stdio: "ignore" });
    const file = join(stage.directory, "postgres", "postmaster.pid");
    writeFileSync(file, `${stranger.pid}\n${join(stage.directory, "postgres")}\n1\n5432\n/tmp/nettle-gone\n\n  1 1\nready   \n`);
    await stage.filled();
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });
});
