import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { startEmbeddedPostgres } from "../../src/database/embedded/embedded-postgres.ts";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** A line of the program's output. */
interface ProgramMessage {
  readonly url?: string;
  readonly directory?: string;
  readonly failure?: string;
  readonly lost?: string;
  readonly interrupted?: boolean;
}

/** A process of the program. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** Returns the next line, or undefined when it has exited. Lines are buffered. */
  nextMessage(): Promise<ProgramMessage | undefined>;
  /** Sends a command and waits until the process exits. */
  sendCommand(word: "stop" | "exit"): Promise<void>;
  kill(): Promise<void>;
}

/** Creates a folder that every user can enter. `remove` deletes it. */
export function createTempFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "nettle-story-"));
  chmodSync(path, 0o755);
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

/**
 * Creates a small project with the bundled program. Its node_modules are this project's, or empty.
 */
export function buildEmbeddedPostgresProgram(folder: string, modules: "shared" | "own"): string {
  mkdirSync(join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "story", type: "module" }));
  if (modules === "shared")
    symlinkSync(join(projectRoot(), "node_modules"), join(folder, "node_modules"));
  const outfile = join(folder, "dist", "run.js");
  const entry = join(projectRoot(), "test/support/run-embedded-postgres.ts");
  buildSync({
    entryPoints: [entry],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile,
  });
  return outfile;
}

/** Starts the program in its own process group, as a terminal does. */
function startProgram(program: string, directory: string, umask = "022"): RunningProgram {
  const script = 'umask "$1"; shift; exec "$@"';
  const child = spawn("sh", ["-c", script, "sh", umask, process.execPath, program, directory], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  // Writing to a killed program fails; tests look at its exit instead.
  child.stdin.on("error", () => {});
  return {
    child,
    nextMessage: async () => {
      const { value, done } = await lines.next();
      return done ? undefined : JSON.parse(value);
    },
    sendCommand: async (word) => {
      child.stdin.write(`${word}\n`);
      await exited;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Runs one statement over its own connection and returns the rows. */
export async function queryRows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Returns the process ids of PostgreSQL's programs whose command line names the folder. */
export function processesOn(folder: string): number[] {
  return commandLines()
    .filter(([, command]) => command.includes(folder) && /initdb|postgres /.test(command))
    .map(([pid]) => pid);
}

/**
 * Returns every process with its command line. A minimal Linux may lack `ps`, other systems lack
 * /proc.
 */
function commandLines(): [pid: number, command: string][] {
  if (!existsSync("/proc/self/cmdline")) {
    const list = execFileSync("ps", ["-e", "-o", "pid=,command="], { encoding: "utf8" }).split(
      "\n",
    );
    return list.map((line) => [Number.parseInt(line, 10), line]);
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), commandOf(name)]);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Reads the process id of PostgreSQL. */
export function postmasterPid(directory: string): number {
  return Number.parseInt(readFileSync(join(directory, "postgres", "postmaster.pid"), "utf8"), 10);
}

/** Returns the directory of a URL's socket. */
export function socketDirectory(url: string): string {
  return new URL(url).searchParams.get("host") ?? "";
}

/**
 * Opens what tests of embedded PostgreSQLs need: a folder for each test, in which no process may
 * run afterwards.
 */
export function openEmbeddedPostgresFixture() {
  const projectFolder = createTempFolder();
  let tempFolder: ReturnType<typeof createTempFolder>;
  const fixture = {
    /** The test's folder, and the data directory in it, which does not exist yet. */
    folder: "",
    directory: "",
    running: [] as RunningProgram[],
    /** Starts the program on the directory: the shared one, or another. */
    start: ({
      umask,
      program = join(projectFolder.path, "dist", "run.js"),
    }: {
      umask?: string;
      program?: string;
    } = {}): RunningProgram => {
      const one = startProgram(program, fixture.directory, umask);
      fixture.running.push(one);
      return one;
    },
    /** Starts and stops PostgreSQL. */
    startAndStop: async () =>
      (await startEmbeddedPostgres({ directory: fixture.directory })).stop(),
    expectNoProcesses: () =>
      vi.waitFor(() => expect(processesOn(fixture.folder)).toEqual([]), {
        timeout: 30_000,
        interval: 50,
      }),
  };
  beforeAll(() => {
    buildEmbeddedPostgresProgram(projectFolder.path, "shared");
  });
  beforeEach(() => {
    tempFolder = createTempFolder();
    fixture.folder = tempFolder.path;
    fixture.directory = join(tempFolder.path, "data");
  });
  afterEach(async () => {
    for (const one of fixture.running.splice(0))
      if (one.child.exitCode === null && one.child.signalCode === null) await one.kill();
    await fixture.expectNoProcesses();
    tempFolder.remove();
  });
  afterAll(() => projectFolder.remove());
  return fixture;
}
