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

describe("an embedded PostgreSQL", () => {
  it("ends when Nettle is killed, and the next start has the data", async () => {
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

  it("ends when Nettle is killed, also with a client in a transaction", async () => {
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

  it("ends when Nettle exits without stopping it", async () => {
    const one = fixture.start();
    await one.nextMessage();
    await one.sendCommand("exit");
    await fixture.expectNoProcesses();
  });

  it("runs after Ctrl-C until Nettle stops it", async () => {
    const one = fixture.start();
    const { url } = (await one.nextMessage())!;
    process.kill(-one.child.pid!, "SIGINT");
    expect(await one.nextMessage()).toEqual({ interrupted: true });
    expect(await queryRows(url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await one.sendCommand("stop");
    expect(processesOn(fixture.folder)).toEqual([]);
  });

  it("is created by the next start when Nettle is killed during the first", async () => {
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
      const password = process.getuid?.() === 0 ? ["password"] : [];
      expect(readdirSync(fixture.directory).sort()).toEqual([
        ...password,
        "postgres",
        "postgres.log",
      ]);
    }
  });

  it("is reported when it is killed, and recovered by the next start", async () => {
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

  it("is waited for by the next start when it ends slowly", async () => {
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

  it("starts although its old process id belongs to another program", async () => {
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
