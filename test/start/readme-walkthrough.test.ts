import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { findProgram } from "../support/find-program.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "./build-program.ts";

describe.runIf(findProgram("curl"))("the README's curl commands, on the demo shop", () => {
  let program: NettleProgram;
  let folder: string;
  let server: ServerProcess;
  let readme: string;
  beforeAll(async () => {
    program = buildProgram();
    folder = await mkdtemp(join(tmpdir(), "nettle-readme-"));
    await chmod(folder, 0o755);
    server = await program.serve({ NETTLE_DATA: folder });
    readme = await readFile(join(projectRoot(), "README.md"), "utf8");
  });
  afterAll(async () => {
    server.signal("SIGTERM");
    await server.ended();
    program.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** Returns the lines of the first code block after a text. */
  const block = (words: string): string[] => {
    const [, shown] = readme.slice(readme.indexOf(words)).split("```sh\n");
    return shown!.split("```")[0]!.trim().replaceAll("\\\n", "").split("\n");
  };
  const run = (lines: string) => {
    const { stdout, stderr } = spawnSync(
      "sh",
      ["-ec", lines.replaceAll("http://localhost:9000", server.url)],
      {
        encoding: "utf8",
      },
    );
    return { out: stdout, shown: stderr };
  };

  it("show products, and prices of a region", () => {
    expect(JSON.parse(run(block("and a line to paste")[0]!).out).products).toHaveLength(3);
    const [product] = JSON.parse(run(block("Prices depend on a region").join("\n")).out).products;
    expect(product.variants[0].calculated_price).toBeGreaterThan(0);
  });

  it("log in by the cookie that -v shows", () => {
    const [logIn, use] = block("By cookie, as a browser does") as [string, string];
    const cookie = /^< set-cookie: (connect\.sid=[^;]+)/im.exec(run(logIn).shown)![1]!;
    expect(use).toContain("connect.sid=s%3A…");
    expect(JSON.parse(run(use.replace("connect.sid=s%3A…", cookie)).out).customer.email).toBe(
      "mara@example.com",
    );
    expect(run(use).out).toBe("Unauthorized");
  });

  it("log in by token", () => {
    expect(JSON.parse(run(block("By token, for programs").join("\n")).out).customer.email).toBe(
      "mara@example.com",
    );
  });

  it("log the mail of a password reset", async () => {
    const body = JSON.stringify({ email: "mara@example.com" });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${server.url}/store/customers/password-token`, {
      method: "POST",
      headers,
      body,
    });
    expect(answer.status).toBe(204);
    await expect
      .poll(() => server.out(), { timeout: 20_000 })
      .toMatch(/Mail to mara@example\.com: .*reset-password\?token=ey/);
  });
});
