import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { version } from "../../src/runtime/version.ts";
import { exposeOverTcp } from "../medusa/expose-over-tcp.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { freePort } from "../support/redis-server.ts";
import { buildImage, type Image } from "./build-image.ts";

const WAIT = { timeout: 60_000, interval: 100 };

let image: Image;
let database: TestDatabase;
/** Its address: the embedded server's socket is closed to the image's user. */
let address: { readonly url: string; readonly close: () => void };
beforeAll(async () => {
  image = buildImage();
  database = await openDatabase("empty");
  address = await exposeOverTcp(database.url);
}, 600_000);
afterAll(async () => {
  image?.remove();
  address?.close();
  await database?.drop();
});

/** The password goes to the driver as docker-compose.yml gives it, beside the address. */
const shop = () => {
  const url = new URL(address.url);
  const password = decodeURIComponent(url.password);
  url.password = "";
  return {
    DATABASE_URL: url.href,
    ...(password && { PGPASSWORD: password }),
    ...(inject("redisUrl") && { REDIS_URL: inject("redisUrl") }),
    JWT_SECRET: "a-long-secret-of-the-image",
    COOKIE_SECRET: "another-long-secret-of-it",
  };
};

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) {
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  return child.exitCode;
}

/** Starts what the image starts by default, and waits until its health check succeeds. */
async function serve(): Promise<{ url: string; port: string; child: ChildProcess }> {
  const port = String(await freePort());
  const child = image.start(image.command, { ...shop(), PORT: port });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream!.on("data", (part) => (output += String(part)));
  try {
    await vi.waitFor(async () => {
      if (child.exitCode !== null) throw new Error(output);
      expect((await image.run(image.healthCheck, { PORT: port })).code).toBe(0);
    }, WAIT);
  } catch (error) {
    await stop(child);
    throw new Error(`It does not become healthy: ${output}`, { cause: error });
  }
  return { url: `http://127.0.0.1:${port}`, port, child };
}

describe("the image", () => {
  it("holds what runs, and nothing that builds", () => {
    const has = (path: string) => existsSync(join(image.root, image.workdir, path));
    expect(has("dist/nettle.js")).toBe(true);
    for (const path of ["src/main.ts", "test", ".env", "node_modules/typescript"])
      expect([path, has(path)]).toEqual([path, false]);
  });

  it("is not root's, and its user can write nowhere in it", () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const open = ["-perm", "/222", "-not", "-type", "l"];
    const writable = execFileSync("find", [image.root, ...open], { encoding: "utf8" });
    expect(writable).toBe("");
  });

  it("refuses to start without settings, in words", async () => {
    const { code, output } = await image.run(image.command, {
      DATABASE_URL: shop().DATABASE_URL,
    });
    expect([code, output]).toEqual([1, expect.stringContaining("JWT_SECRET is missing")]);
  });

  it("is not healthy while nothing serves", async () => {
    const { code } = await image.run(image.healthCheck, { PORT: String(await freePort()) });
    expect(code).toBe(1);
  });

  it("has `nettle` on the PATH: it prints its version, migrates, seeds and examines", async () => {
    expect(await image.run(["nettle", "--version"], {})).toEqual({
      code: 0,
      output: `${version}\n`,
    });
    for (const [command, said] of [
      ["migrate", "Built the database"],
      ["seed", "Demo customer: "],
      ["doctor", ""],
    ] as const) {
      const { code, output } = await image.run(["nettle", command], shop());
      expect([command, code, output]).toEqual([command, 0, expect.stringContaining(said)]);
    }
  });

  it("runs npm's scripts without anything to build", async () => {
    const npm = { npm_config_cache: "/tmp/nettle-image-npm", npm_config_update_notifier: "false" };
    const asked = ["npm", "run", "--silent", "nettle", "--", "--version"];
    const { code, output } = await image.run(asked, npm);
    expect([code, output]).toEqual([0, `${version}\n`]);
  });

  it("serves the shop as an unprivileged user, is healthy, and stops when told to", async () => {
    const { url, port, child } = await serve();
    const answer = await fetch(`${url}/store/products?limit=1&fields=thumbnail&expand=`);
    const { products } = (await answer.json()) as { products: { thumbnail: string }[] };
    const picture = new URL(products[0]!.thumbnail).pathname;
    for (const path of ["/ready", "/docs/", "/openapi.json", "/postman.json", picture])
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200]);
    const owner = readFileSync(`/proc/${child.pid}/status`, "utf8");
    expect(owner).toMatch(
      new RegExp(`^Uid:\\s${process.getuid!() || image.user.split(":")[0]}`, "m"),
    );
    expect(await stop(child)).toBe(0);
    expect((await image.run(image.healthCheck, { PORT: port })).code).toBe(1);
  });
});
