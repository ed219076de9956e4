import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { certificateAuthorities } from "../support/certificate-authorities.ts";
import { copyProject } from "../support/copy-project.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-packed-"));
let shop: ChildProcess | undefined;
afterAll(async () => {
  if (shop && shop.exitCode === null && shop.signalCode === null) {
    process.kill(-shop.pid!, "SIGKILL");
    await once(shop, "close");
  }
  rmSync(folder, { recursive: true, force: true });
});

const folderNamed = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

/** Packs a fresh copy of the project, which builds it, and returns the name of the tarball. */
function pack(): string {
  const [copy, packed] = [folderNamed("copy"), folderNamed("packed")];
  copyProject(copy);
  symlinkSync(join(projectRoot(), "node_modules"), join(copy, "node_modules"));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", packed], { cwd: copy });
  return readdirSync(packed)[0]!;
}

/** A cache of npm's in which nothing of this test stays, with what was downloaded before. */
function npmCache(): string {
  const words = ["config", "get", "cache"];
  const usual = execFileSync("npm", words, { encoding: "utf8", cwd: tmpdir() }).trim();
  const cache = folderNamed("cache");
  mkdirSync(join(usual, "_cacache"), { recursive: true });
  symlinkSync(join(usual, "_cacache"), join(cache, "_cacache"));
  return cache;
}

it("npx starts the demo shop from the packed project in an empty folder", async () => {
  chmodSync(folder, 0o755);
  const tarball = pack();
  const words = ["tvzf", join(folder, "packed", tarball)];
  const listed = execFileSync("tar", words, { encoding: "utf8" });
  expect(listed).toMatch(/^-rwxr-xr-x .* package\/dist\/nettle\.js$/m);
  expect(listed).not.toMatch(/package\/(test|bench|\.env$|\.nettle|\.git)/);
  let out = "";
  // Npm takes an absolute path for a program to run.
  shop = spawn("npx", ["--yes", `../packed/${tarball}`], {
    ...{ cwd: folderNamed("empty"), detached: true, stdio: ["ignore", "pipe", "pipe"] },
    env: {
      ...{ PATH: process.env["PATH"], HOME: process.env["HOME"], PORT: "0" },
      ...{ npm_config_cache: npmCache(), npm_config_prefer_offline: "true" },
      ...certificateAuthorities(),
    },
  });
  for (const stream of [shop.stdout!, shop.stderr!])
    stream.on("data", (part) => {
      out += String(part);
    });
  const ended = once(shop, "close");
  const address = () => /Nettle is at ([^\s",]+)/.exec(out)?.[1];
  while (address() === undefined) {
    if (shop.exitCode !== null) throw new Error(`It did not start: ${out}`);
    await sleep(100);
  }
  expect((await fetch(`${address()}/ready`)).status).toBe(200);
  const answer = await fetch(`${address()}/store/products?limit=1&fields=id&expand=`);
  expect((await answer.json()) as object).toMatchObject({
    products: [{ id: expect.stringMatching(/^prod_/) }],
  });
  expect(readdirSync(join(folder, "empty"))).toEqual([".nettle"]);
  // As a terminal does at Ctrl-C: to all processes of the group.
  process.kill(-shop.pid!, "SIGINT");
  expect(await Promise.race([ended, sleep(60_000, "still running")])).not.toBe("still running");
  expect(out).toContain("Stopping on SIGINT");
  await expect(fetch(`${address()}/ready`)).rejects.toThrow("fetch failed");
}, 600_000);
