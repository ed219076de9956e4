import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { aProduct, aRegion } from "../support/builders.ts";
import { certificateAuthorities } from "../support/certificate-authorities.ts";
import { openShop } from "../support/open-shop.ts";
import { blocksBelow } from "./readme-blocks.ts";

/** A clone of the starter's repository, which is in no package registry. */
const clone = process.env["NEXTJS_STARTER"];

describe.runIf(clone)("the README's commands for the Next.js starter", () => {
  const shop = openShop();
  const folder = mkdtempSync(join(tmpdir(), "nettle-starter-"));
  let starter: ChildProcess | undefined;
  afterAll(async () => {
    if (starter && starter.exitCode === null) {
      process.kill(-starter.pid!, "SIGKILL");
      await once(starter, "close");
    }
    rmSync(folder, { recursive: true });
  });

  it("show the shop", async () => {
    await aRegion(shop.knex, { countries: ["us"], currency_code: "usd" });
    const prices = [{ amount: 1000, currency_code: "usd" }];
    await aProduct(shop.knex, { title: "Rain jacket", variants: [{ prices }] });
    const lines = blocksBelow("Next.js starter", 1)[0]!
      .replace(/https:\S+/, clone!)
      .replace("cp .env.template .env.local", `sed 's#http://localhost:9000#${shop.url}#' $_`)
      .replace("$_", ".env.template > .env.local");
    const env = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      // Npx asks a person before it installs Yarn.
      npm_config_yes: "true",
      ...certificateAuthorities(),
    };
    starter = spawn("sh", ["-ec", lines], { cwd: folder, detached: true, env });
    let out = "";
    for (const stream of [starter.stdout!, starter.stderr!])
      stream.on("data", (part) => {
        out += String(part);
      });
    const ended = once(starter, "close").then(() => {
      throw new Error(`The starter ended: ${out}`);
    });
    const started = expect.poll(() => out, { timeout: 600_000 });
    await Promise.race([started.toContain("http://localhost:8000"), ended]);
    const answer = await fetch("http://localhost:8000/us/store");
    expect(await answer.text()).toContain("Rain jacket");
  }, 900_000);
});
