import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { runLines } from "../readme/run-lines.ts";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { aFilledCart, aProduct, aShopSetup } from "../support/builders.ts";
import { connect, executeOnServer, urlOf } from "../support/database-server.ts";
import { findProgram } from "../support/find-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const COPY = "nettle_test_shop_copy";
const secrets = { JWT_SECRET: "kq83hfnalz02mfpw", COOKIE_SECRET: "p0qmx62ncbaz91vh" };

// The embedded PostgreSQL comes without these programs.
const isPossible = process.env["TEST_DATABASE_URL"] && findProgram("pg_dump");
if (!isPossible) console.warn("Backups are tested on the server of TEST_DATABASE_URL only");

/** The lines below "Backups" in docs/operations.md, for a copy of another name. */
function backupLines(): string {
  const page = readFileSync(join(projectRoot(), "docs/operations.md"), "utf8");
  const lines = /^## Backups\n[\s\S]*?```sh\n([\s\S]*?)```/m.exec(page)![1]!;
  return `cd "$(mktemp -d)"\n${lines.replaceAll("shop_copy", COPY)}`;
}

/** The settings by which PostgreSQL's programs find a server. */
function serverSettings(url: string): Record<string, string> {
  const { hostname, port, username, password } = new URL(url);
  const settings = { PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: password };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ""));
}

describe.runIf(isPossible)("a backup by the lines of the page", () => {
  let program: NettleProgram;
  let database: TestDatabase;
  const removeCopy = () =>
    executeOnServer(inject("databaseServer"), `drop database if exists ${COPY} with (force)`);
  beforeAll(async () => {
    program = buildProgram();
    database = await openDatabase();
    await removeCopy();
  });
  afterAll(async () => {
    program.remove();
    await database.drop();
    await removeCopy();
  });

  it("brings back a shop that goes on, with the triggers that feed the search", async () => {
    const server = await program.serve({ DATABASE_URL: database.url, ...secrets });
    const cart = await aFilledCart(clientAt(server.url), await aShopSetup(database.knex));
    const { code, error } = await runLines(backupLines(), {
      DATABASE_URL: database.url,
      ...serverSettings(database.url),
    });
    expect([code, error]).toEqual([0, ""]);

    const settings = { DATABASE_URL: urlOf(database.url, COPY), ...secrets };
    const doctor = await program.run("doctor", settings);
    expect([doctor.code, doctor.out]).toEqual([0, expect.stringContaining("0 problems")]);
    const copy = await program.serve(settings);
    const shopper = clientAt(copy.url);
    const completed = await shopper.post(`/store/carts/${cart}/complete`);
    expect(completed.body).toMatchObject({ type: "order", data: { cart_id: cart } });

    const knex = connect(settings.DATABASE_URL);
    await aProduct(knex, { title: "Added to the copy" });
    await knex.destroy();
    const titles = async () => {
      const { body } = await shopper.post("/store/products/search", { q: "copy" });
      return body.hits.map(({ title }: { title: string }) => title);
    };
    await expect.poll(titles, { timeout: 20_000 }).toEqual(["Added to the copy"]);
  }, 120_000);
});
