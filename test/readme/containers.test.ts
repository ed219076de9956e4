import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { blocksBelow } from "./readme-blocks.ts";

const folder = mkdtempSync(join(tmpdir(), "nettle-containers-"));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * The steps of the image are run by test/image/image.test.ts, and docker-compose.yml is checked by
 * test/architecture/compose-file.test.ts, both without Docker.
 */
it("the commands for containers make secrets, and then leave the rest to Docker", () => {
  const [secrets, compose, ...more] = blocksBelow("Containers", 1)[0]!.trim().split("\n");
  expect([compose, more]).toEqual(["docker compose up --build", []]);
  mkdirSync(join(folder, "scripts"));
  cpSync(join(projectRoot(), "scripts/make-secrets"), join(folder, "scripts/make-secrets"));
  const { status } = spawnSync("sh", ["-ec", secrets!], { cwd: folder });
  expect(status).toBe(0);
  const names = readFileSync(join(folder, ".env"), "utf8").match(/^\w+(?==[0-9a-f]{64}$)/gm);
  expect(names).toEqual(["JWT_SECRET", "COOKIE_SECRET", "POSTGRES_PASSWORD"]);
});
