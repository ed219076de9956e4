import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { blocksBelow } from "./readme-blocks.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-copy-"));
let shop: ChildProcess | undefined;
afterAll(async () => {
  if (shop && shop.exitCode === null) {
    process.kill(-shop.pid!, "SIGTERM");
    await once(shop, "close");
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Copies what is under version control, and nothing that was built or installed. */
function copyProject(): void {
  chmodSync(folder, 0o755);
  const words = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const files = execFileSync("git", words, { cwd: projectRoot(), encoding: "utf8" });
  for (const file of files.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(projectRoot(), file), join(folder, file));
  }
}

it("two words install and start a shop in a fresh copy", async () => {
  copyProject();
  let out = "";
  shop = spawn("sh", ["-ec", blocksBelow("Start it", 1)[0]!], {
    ...{ cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      PORT: "0",
      npm_config_prefer_offline: "true",
    },
  });
  for (const stream of [shop.stdout!, shop.stderr!])
    stream.on("data", (part) => {
      out += String(part);
    });
  const address = () => /Nettle is at ([^\s",]+)/.exec(out)?.[1] ?? out;
  await expect.poll(address, { timeout: 560_000 }).toMatch(/^http:/);
  const answer = await fetch(`${address()}/store/products?limit=1`);
  expect((await answer.json()) as object).toMatchObject({ count: 40 });
  expect(out).not.toContain("npm warn");
}, 600_000);
