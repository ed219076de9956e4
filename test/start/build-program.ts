import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSync } from "esbuild";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** The bundled program, run in its own processes. */
export interface NettleProgram {
  /** The bundle. */
  readonly file: string;
  /** Runs a command with its arguments until it exits, in the project's directory or another. */
  run(
    command: string,
    settings: Record<string, string>,
    directory?: string,
  ): Promise<{ code: number | null; out: string; error: string }>;
  /** Starts `serve` and waits for its address. */
  serve(settings: Record<string, string>, directory?: string): Promise<ServerProcess>;
  /** Starts `serve` and kills it after some milliseconds. */
  killAfter(milliseconds: number, settings: Record<string, string>): Promise<void>;
  remove(): void;
}

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Returns its output so far. */
  out(): string;
  signal(name: NodeJS.Signals): void;
  /** Waits until it exits. Returns the exit code. */
  ended(): Promise<number | null>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Bundles the program for the tests of a file. */
export function buildProgram(): NettleProgram {
  const outdir = join(projectRoot(), "dist", `test-${randomBytes(4).toString("hex")}`);
  const sources = join(projectRoot(), "src/cli");
  buildSync({
    entryPoints: [join(sources, "nettle.ts"), join(sources, "program.ts")],
    bundle: true,
    splitting: true,
    sourcemap: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outdir,
  });
  const children = new Set<Child>();
  const start = (command: string, settings: Record<string, string>, cwd?: string) => {
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      LOG_LEVEL: "info",
      ...settings,
    };
    const child = spawn(process.execPath, [join(outdir, "nettle.js"), ...command.split(" ")], {
      env,
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    return child;
  };
  return {
    file: join(outdir, "nettle.js"),
    run: async (command, settings, directory) => {
      const child = start(command, settings, directory);
      const [out, error] = [collectOutput(child.stdout), collectOutput(child.stderr)];
      const [code] = await once(child, "close");
      return { code, out: out(), error: error() };
    },
    serve: async (settings, directory) =>
      waitForServer(start("serve", { PORT: "0", ...settings }, directory)),
    killAfter: async (milliseconds, settings) => {
      const child = start("serve", { PORT: "0", ...settings });
      await sleep(milliseconds);
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
    remove: () => {
      for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
      rmSync(outdir, { recursive: true });
    },
  };
}

async function waitForServer(child: Child): Promise<ServerProcess> {
  const [out, error] = [collectOutput(child.stdout), collectOutput(child.stderr)];
  const end = once(child, "close");
  for (let tries = 0; !/Nettle is at ([^\s",]+)/.test(out()); tries++) {
    if (child.exitCode !== null || tries > 2_400)
      throw new Error(`It did not start: ${error()}${out()}`);
    await sleep(50);
  }
  const url = /Nettle is at ([^\s",]+)/.exec(out())![1]!;
  return {
    url: url.replace("localhost", "127.0.0.1"),
    port: Number(new URL(url).port),
    pid: child.pid!,
    out,
    signal: (name) => child.kill(name),
    ended: async () => {
      const [code] = await end;
      return code;
    },
  };
}

function collectOutput(stream: Readable): () => string {
  let text = "";
  stream.on("data", (part) => {
    text += String(part);
  });
  return () => text;
}
