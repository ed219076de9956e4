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

describe("after a kill", () => {
  it("of Nettle, PostgreSQL ends and the next start has the data", async () => {
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

  it("of Nettle, PostgreSQL ends also with a client in a transaction", async () => {
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

  it("or an exit of Nettle without a stop, PostgreSQL ends", async () => {
    const one = fixture.start();
    await one.nextMessage();
    await one.sendCommand("exit");
    await fixture.expectNoProcesses();
  });

  it("by Ctrl-C, PostgreSQL runs until Nettle stops it", async () => {
    const one = fixture.start();
    const { url } = (await one.nextMessage())!;
    process.kill(-one.child.pid!, "SIGINT");
    expect(await one.nextMessage()).toEqual({ interrupted: true });
    expect(await queryRows(url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await one.sendCommand("stop");
    expect(processesOn(fixture.folder)).toEqual([]);
  });

  it("of Nettle during its first start, the next start creates the database", async () => {
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

  it("of PostgreSQL, Nettle reports it and the next start recovers", async () => {
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

  it("of Nettle, the next start waits for a PostgreSQL that ends slowly", async () => {
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

  it("of both, another program with PostgreSQL's process id is left alone", async () => {
    await fixture.startAndStop();
    // Owned by the user who runs PostgreSQL, so that it looks like PostgreSQL.
    const { uid, gid } = statSync(join(fixture.directory, "postgres"));
    const stranger = spawn("sleep", ["600"], { uid, gid, cwd: "/", stdio: "ignore" });
    const file = join(fixture.directory, "postgres", "postmaster.pid");
    const cluster = join(fixture.directory, "postgres");
    const lines = [stranger.pid, cluster, 1, 5432, "/tmp/nettle-gone", "", "  1 1", "ready   ", ""];
    writeFileSync(file, lines.join("\n"));
    await fixture.startAndStop();
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    stranger.kill();
  });
});
