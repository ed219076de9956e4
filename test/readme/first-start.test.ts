import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { certificateAuthorities } from "../support/certificate-authorities.ts";
import { copyProject } from "../support/copy-project.ts";
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

it("two words install and start a shop in a fresh copy", async () => {
  copyProject(folder);
  let out = "";
  shop = spawn("sh", ["-ec", blocksBelow("Start it", 1)[0]!], {
    ...{ cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      PORT: "0",
      npm_config_prefer_offline: "true",
      ...certificateAuthorities(),
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
