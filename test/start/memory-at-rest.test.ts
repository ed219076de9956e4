import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram } from "./build-program.ts";

/** Without bounds for V8's young objects it is some 64 MB, and some 36 MB with them. */
const MAX_HEAP_BYTES = 50_000_000;

describe("a server that has started", () => {
  let program: NettleProgram;
  let database: TestDatabase;
  let report: { packages: string[]; heapBytes: number };
  beforeAll(async () => {
    program = buildProgram();
    database = await openDatabase();
    const server = await program.serve({
      DATABASE_URL: database.url,
      JWT_SECRET: "jwt-secret",
      COOKIE_SECRET: "cookie-secret",
      NODE_OPTIONS: `--require ${join(import.meta.dirname, "report-memory.cjs")}`,
    });
    server.signal("SIGUSR2");
    await vi.waitFor(() => expect(server.out()).toContain("Report: "), 10_000);
    report = JSON.parse(/Report: (.*)\./.exec(server.out())![1]!);
  });
  afterAll(async () => {
    program.remove();
    await database.drop();
  });

  it("has not loaded what it may never need", () => {
    expect(report.packages).toContain("express");
    for (const name of ["pino-pretty", "ioredis", "nodemailer", "prom-client"])
      expect(report.packages).not.toContain(name);
  });

  it("has a small heap", () => {
    expect(report.heapBytes).toBeLessThan(MAX_HEAP_BYTES);
  });
});
