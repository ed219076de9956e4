import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import {
  openEmbeddedPostgresFixture,
  postmasterPid,
  processesOn,
  queryRows,
  socketDirectory,
} from "../support/embedded-postgres-fixture.ts";

const fixture = openEmbeddedPostgresFixture();

describe("when something is killed", () => {
  it("Nettle: PostgreSQL ends too, and the next start has the data", async () => {
    const one = fixture.start();
    const { url } = (await one.nextMessage())!;
    await queryRows(url!, "CREATE TABLE kept AS SELECT 7 AS seven");
    await one.kill();
    const next = await fixture.start().nextMessage();
    expect(await queryRows(next!.url!, "TABLE kept")).toEqual([{ seven: 7 }]);
    await fixture.running[1]!.kill();
    await fixture.expectNoProcesses();
    await vi.waitFor(
      () =>
        expect([url, next!.url].map((each) => existsSync(socketDirectory(each!)))).toEqual([
          false,
          false,
        ]),
      20_000,
    );
  });

  it("Nettle, with a client that holds a connection and a transaction open", async () => {
    const one = fixture.start();
    const { url } = (await one.nextMessage())!;
    const lost = queryRows(url!, "SELECT pg_sleep(600)").then(
      () => "answered",
      (error) => error.code ?? error.message,
    );
    await vi.waitFor(async () =>
      expect(
        await queryRows(url!, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"),
      ).toHaveLength(1),
    );
    await one.kill();
    expect(await lost).toBe("57P01");
    await fixture.expectNoProcesses();
  });

  it("nothing, but Nettle exits without stopping it", async () => {
    const one = fixture.start();
    await one.nextMessage();
    await one.sendCommand("exit");
    await fixture.expectNoProcesses();
  });

  it("by Ctrl-C: PostgreSQL goes on until Nettle stops it", async () => {
    const one = fixture.start();
    const { url } = (await one.nextMessage())!;
    process.kill(-one.child.pid!, "SIGINT");
    expect(await one.nextMessage()).toEqual({ interrupted: true });
    expect(await queryRows(url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await one.sendCommand("stop");
    expect(processesOn(fixture.folder)).toEqual([]);
  });

  it("Nettle in the middle of the first start: the next one makes the database", async () => {
    for (const delay of [20, 150, 300]) {
      fixture.directory = join(fixture.folder, `killed-after-${delay}`);
      const one = fixture.start();
      const hasStarted = () =>
        expect(
          readdirSync(fixture.directory).some((name) => name.startsWith("postgres.new-")),
        ).toBe(true);
      await vi.waitFor(hasStarted, { timeout: 20_000, interval: 5 });
      await sleep(delay);
      await one.kill();
      const next = fixture.start();
      expect(await queryRows((await next.nextMessage())!.url!, "SELECT 1 AS one")).toEqual([
        { one: 1 },
      ]);
      await next.sendCommand("stop");
      expect(readdirSync(fixture.directory).sort()).toEqual(["postgres", "postgres.log"]);
    }
  });

  it("PostgreSQL: Nettle is told in a sentence, and the next start recovers", async () => {
    const one = fixture.start();
    const { url } = (await one.nextMessage())!;
    await queryRows(url!, "CREATE TABLE kept AS SELECT 7 AS seven");
    process.kill(postmasterPid(fixture.directory), "SIGKILL");
    expect((await one.nextMessage())?.lost).toMatch(
      /^The embedded PostgreSQL in .* has ended; its log .*postgres.log ends with: /,
    );
    const next = await fixture.start().nextMessage();
    expect(await queryRows(next!.url!, "TABLE kept")).toEqual([{ seven: 7 }]);
    await one.sendCommand("stop");
  });

  it("Nettle, while PostgreSQL takes its time to end: the next start waits for it", async () => {
    const one = fixture.start();
    await one.nextMessage();
    const old = postmasterPid(fixture.directory);
    process.kill(old, "SIGSTOP");
    await one.kill();
    const next = fixture.start();
    const answer = next.nextMessage();
    expect(await Promise.race([answer, sleep(1_500, "waiting")])).toBe("waiting");
    process.kill(old, "SIGCONT");
    expect((await answer)?.url).toBeDefined();
    expect(postmasterPid(fixture.directory)).not.toBe(old);
  });

  it("everything at once, and PostgreSQL's process id is another program's by now", async () => {
    await fixture.startAndStop();
    // As another start would see it: owned by the user who runs PostgreSQL, so that it looks like
    // one.
    const { uid, gid } = statSync(join(fixture.directory, "postgres"));
    const stranger = spawn("sleep", ["600"], { uid, gid, cwd: "/", stdio: "ignore" });
    const file = join(fixture.directory, "postgres", "postmaster.pid");
    writeFileSync(
      file,
      `${stranger.pid}\n${join(fixture.directory, "postgres")}\n1\n5432\n/tmp/nettle-gone\n\n  1 1\nready   \n`,
    );
    await fixture.startAndStop();
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    stranger.kill();
  });
});
