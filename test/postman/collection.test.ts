import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "newman";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { loadApiDocument } from "./load-api-document.ts";
import { makeCollection } from "./make-collection.ts";
import { workingFolders } from "./working-folders.ts";

interface Item {
  readonly request: { readonly method: string; readonly url: { readonly path: readonly string[] } };
}

describe("docs/postman.json", () => {
  const file = JSON.parse(readFileSync(join(projectRoot(), "docs/postman.json"), "utf8"));

  it("is up to date with the API document (else run `npm run postman`)", async () => {
    expect(await makeCollection(await loadApiDocument())).toEqual(file);
  });

  it("has every operation", async () => {
    const held = file.item.flatMap(({ item }: { item: Item[] }) =>
      item.map(
        ({ request: { method, url } }) =>
          `${method} /${url.path.map((part) => part.replace(/^:(\w+)$/, "{$1}")).join("/")}`,
      ),
    );
    const { paths } = (await loadApiDocument()) as { paths: Record<string, object> };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...new Set(held)].toSorted()).toEqual(documented.toSorted());
  });
});

describe("the collection of a demo shop", () => {
  let program: NettleProgram;
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    program = buildProgram();
    folder = mkdtempSync(join(tmpdir(), "nettle-postman-"));
    // PostgreSQL does not run as root: the user it runs as must get in.
    chmodSync(folder, 0o755);
    server = await program.serve({
      NETTLE_DATA: folder,
      NETTLE_PUBLIC_URL: "https://shop.example/api",
    });
  });
  afterAll(async () => {
    server.signal("SIGTERM");
    await server.ended();
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("has its public address and runs twice without a failure", async () => {
    const answer = await fetch(`${server.url}/postman.json`);
    const collection = (await answer.json()) as { variable: object[] };
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(collection.variable).toContainEqual({
      key: "baseUrl",
      value: "https://shop.example/api",
    });
    const requests = workingFolders.flatMap(({ requests }) => requests);
    for (const _ of ["first", "again"]) {
      const { stats, failures } = await runFolders(collection, server.url);
      expect(failures.map(({ source, error }) => `${source?.name}: ${error.message}`)).toEqual([]);
      expect(stats.requests.total).toBe(requests.length);
      expect(stats.assertions.total).toBeGreaterThan(requests.length);
    }
  });
});

/** Runs the working folders as Postman does, with cookies. */
function runFolders(collection: object, url: string) {
  const options = {
    collection,
    folder: workingFolders.map(({ name }) => name),
    envVar: [{ key: "baseUrl", value: url }],
    timeoutRequest: 30_000,
  };
  return new Promise<Awaited<Parameters<Parameters<typeof run>[1]>[1]>["run"]>(
    (resolve, reject) => {
      run(options, (error, summary) => (error ? reject(error) : resolve(summary.run)));
    },
  );
}
