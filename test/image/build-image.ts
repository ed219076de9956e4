import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { certificateAuthorities } from "../support/certificate-authorities.ts";
import { copyBuildContext } from "./build-context.ts";
import { type Instruction, readDockerfile, type Stage } from "./read-dockerfile.ts";

type Environment = Record<string, string>;

/** What the steps of a Dockerfile leave behind, without an engine that runs containers. */
export interface Image {
  /** The folder that stands for `/`. Nobody may write to it. */
  readonly root: string;
  readonly workdir: string;
  /** As `USER` names it. */
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  /** The environment, to which settings are added. */
  readonly environment: Environment;
  /** Runs a command until it exits, as the image's user. */
  run(command: readonly string[], settings: Environment): Promise<CommandResult>;
  /** Starts a command, as the image's user. */
  start(command: readonly string[], settings: Environment): ChildProcess;
  remove(): void;
}

interface CommandResult {
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/** A stage while its steps are carried out. */
interface Built {
  readonly root: string;
  readonly environment: Environment;
  workdir: string;
  user: string;
  command: string[];
  healthCheck: string[];
}

/**
 * Carries the steps of the project's Dockerfile out one by one, in a clean directory and with a
 * clean cache of npm. Absolute paths are below that directory. Programs other than the image's own
 * are this machine's.
 * @throws Error if a step fails, or is one that this cannot carry out
 */
export function buildImage(): Image {
  const folder = mkdtempSync(join(tmpdir(), "nettle-image-"));
  chmodSync(folder, 0o755);
  const context = join(folder, "context");
  copyBuildContext(projectRoot(), context);
  const built = new Map<string, Built>();
  const stages = readDockerfile(readFileSync(join(projectRoot(), "Dockerfile"), "utf8"));
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, `stage-${index}`);
    const one = carryOut(stage, { root, home: join(folder, "home"), context, built });
    built.set(stage.name ?? "", one);
  }
  const last = built.get("");
  if (!last) throw new Error("The last stage of the Dockerfile has a name");
  execFileSync("chmod", ["-R", "a-w", last.root]);
  return asImage(last, () => {
    execFileSync("chmod", ["-R", "u+w", last.root]);
    rmSync(folder, { recursive: true });
  });
}

interface Places {
  readonly root: string;
  readonly home: string;
  readonly context: string;
  readonly built: ReadonlyMap<string, Built>;
}

function carryOut(stage: Stage, places: Places): Built {
  const { root, home } = places;
  mkdirSync(join(root, "usr/local/bin"), { recursive: true });
  mkdirSync(home, { recursive: true });
  const one: Built = {
    root,
    environment: { PATH: pathsOf(root), HOME: home },
    workdir: "/",
    user: "root",
    command: [],
    healthCheck: [],
  };
  for (const instruction of stage.instructions) step(instruction, one, places);
  return one;
}

function step({ name, rest }: Instruction, one: Built, { root, context, built }: Places): void {
  const words = rest.split(/\s+/);
  switch (name) {
    case "ENV": {
      const [, key = "", value = ""] = /^(\w+)=(.*)$/.exec(rest) ?? [];
      one.environment[key] = value;
      return;
    }
    case "WORKDIR":
      one.workdir = rest;
      mkdirSync(join(root, rest), { recursive: true });
      return;
    case "COPY": {
      const from = words[0]?.startsWith("--from=") ? words.shift()!.slice(7) : undefined;
      const source = from === undefined ? context : built.get(from)!.root;
      copy(source, words, join(root, one.workdir));
      return;
    }
    case "RUN": {
      // The user's own settings of npm and the machine's certificate authorities, nothing else.
      const npm = { npm_config_userconfig: join(homedir(), ".npmrc"), ...certificateAuthorities() };
      execFileSync("sh", ["-ec", below(root, rest)], {
        cwd: join(root, one.workdir),
        env: { ...one.environment, ...npm },
        stdio: ["ignore", "pipe", "pipe"],
      });
      return;
    }
    case "USER":
      one.user = rest;
      return;
    case "EXPOSE":
      return;
    case "CMD":
      one.command = JSON.parse(rest);
      return;
    case "HEALTHCHECK":
      one.healthCheck = JSON.parse(rest.slice(rest.indexOf("CMD") + 3));
      return;
    default:
      throw new Error(`The test cannot carry out ${name}`);
  }
}

/** Copies as COPY does: a folder's content into the target, a file into a folder or to a name. */
function copy(source: string, words: readonly string[], workdir: string): void {
  const target = words.at(-1)!;
  for (const word of words.slice(0, -1)) {
    const isFolder = statSync(join(source, word)).isDirectory();
    const isInto = !isFolder && target.endsWith("/");
    const to = isInto ? join(workdir, target, basename(word)) : join(workdir, target);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(source, word), to, { recursive: true });
  }
}

/** Puts the absolute paths of the image below a folder. */
function below(root: string, command: string): string {
  return command.replaceAll(/(?<![\w.])\/(?=app\b|usr\/local\b)/g, `${root}/`);
}

/** The image's own programs, then those of this machine. */
function pathsOf(root: string): string {
  return [join(root, "usr/local/bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(":");
}

function asImage(one: Built, remove: () => void): Image {
  const { root, workdir, user, command, healthCheck, environment } = one;
  const start = ([program = "", ...more]: readonly string[], settings: Environment) =>
    spawn(program, more, {
      cwd: join(root, workdir),
      // A home that does not exist: nothing is written there.
      env: { ...environment, HOME: "/nonexistent", ...settings },
      stdio: ["ignore", "pipe", "pipe"],
      ...idsOf(user),
    });
  return {
    ...{ root, workdir, user, command, healthCheck, environment, start, remove },
    run: async (words, settings) => {
      const child = start(words, settings);
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream!.on("data", (part) => (output += String(part)));
      const [code] = await once(child, "close");
      return { code, output };
    },
  };
}

/** Only root can become another user; anybody else runs the image as they are. */
function idsOf(user: string): { uid?: number; gid?: number } {
  const [uid = Number.NaN, gid = Number.NaN] = user.split(":").map(Number);
  if (!(uid > 0 && gid > 0)) throw new Error(`USER ${user} is root, or not a number`);
  return process.getuid?.() === 0 ? { uid, gid } : {};
}
