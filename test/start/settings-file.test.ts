import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

let program: NettleProgram;
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  program = buildProgram();
  database = await openDatabase();
  folder = await mkdtemp(join(tmpdir(), "nettle-settings-"));
});
afterAll(async () => {
  program.remove();
  await database.drop();
  await rm(folder, { recursive: true });
});
const writeSettings = (...lines: string[]) => writeFile(join(folder, ".env"), lines.join("\n"));

describe("a start by a file of settings", () => {
  it("is refused where the file is not understood, with the nearest name", async () => {
    await writeSettings("DATABASE_URL", "STORE_COR=http://localhost:8000");
    const { code, error } = await program.run("serve", {}, folder);
    expect([code, error.trim().split("\n").slice(1)]).toEqual([
      1,
      [
        `  ${folder}/.env, line 1: write NAME=value, such as DATABASE_URL=...`,
        `  ${folder}/.env, line 2: STORE_COR is no setting: is STORE_CORS meant?`,
      ],
    ]);
  });

  it("says which file was read, and that the shop is empty", async () => {
    await writeSettings(
      `DATABASE_URL=${database.url}`,
      "JWT_SECRET=jwt-secret",
      "COOKIE_SECRET=cookie-secret",
      "POSTGRES_PASSWORD=for-another-program",
    );
    const server = await program.serve({}, folder);
    expect(server.out()).toContain(`"settings":"${folder}/.env; not ours: POSTGRES_PASSWORD"`);
    expect(server.out()).toMatch(/The shop has no region and no product\. It gets filled by/);
    server.signal("SIGTERM");
    expect(await server.ended()).toBe(0);
  });

  it("is refused in production without a database", async () => {
    await writeSettings("NODE_ENV=production");
    const { code, error } = await program.run("serve", { NETTLE_DATA: join(folder, "x") }, folder);
    expect([code, error]).toEqual([
      1,
      expect.stringContaining("DATABASE_URL is missing: with NODE_ENV=production"),
    ]);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  it("seeds nothing while its port is in use", async () => {
    await writeSettings("# nothing");
    const other = createServer().listen(0);
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const settings = { PORT: String(port), NETTLE_DATA: join(folder, "data") };
    const { code, error } = await program.run("serve", settings, folder);
    other.close();
    expect([code, error]).toEqual([1, expect.stringMatching(/^Port \d+ is in use already/)]);
    expect(existsSync(join(folder, "data"))).toBe(false);
  });
});
