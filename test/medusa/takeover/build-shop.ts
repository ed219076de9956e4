import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../../src/runtime/project-root.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { unwrap } from "../create-in-admin.ts";
import { logInAsAdmin } from "../log-in-as-admin.ts";
import { admin, type MedusaProgram, openMedusa, type RunningMedusa } from "../medusa-program.ts";
import { runSql } from "./run-sql.ts";
import type { ShopKind } from "./shop-kinds.ts";

const execute = promisify(execFile);

/** Where a shop is built. */
export interface ShopPlace {
  /** The folder of the installed Medusa. */
  readonly medusaHome: string;
  /** An empty database, or one that Medusa has migrated with the same feature flags. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** A running Medusa, and a client of its Admin API, logged in. */
export interface MedusaPlace {
  readonly url: string;
  readonly admin: ApiClient;
}

/** A shop that Medusa serves. */
export interface BuiltShop {
  readonly program: MedusaProgram;
  readonly running: RunningMedusa;
  /** The admin user. */
  readonly account: typeof admin;
  /** A client of the Admin API, logged in. */
  readonly admin: ApiClient;
}

/** An admin user beside those of a dump, whose passwords nobody knows here. */
const guest = { email: "takeover-proof@example.com", password: "supersecret" };

/** How long a statement of Medusa's may wait for a lock. A longer wait is a failed request. */
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Fills a database: by a dump, or by Medusa's migrations and what the kind of shop has. Creates the
 * admin user and starts Medusa.
 * @throws Error Medusa or psql failed; the message has their output
 */
export async function buildShop(
  kind: ShopKind,
  place: ShopPlace,
  dump: string | undefined,
): Promise<BuiltShop> {
  const { databaseUrl } = place;
  if (dump) await runFile(databaseUrl, dump);
  const program = openMedusa({
    home: place.medusaHome,
    databaseUrl: impatient(databaseUrl),
    redisUrl: place.redisUrl,
    featureFlags: dump ? await hasTable(databaseUrl, "sales_channel") : kind.featureFlags,
  });
  try {
    if (!(await hasTable(databaseUrl, "migrations"))) await program.run("migrations", "run");
    if (kind.filledBy && !dump) await runFile(databaseUrl, join(projectRoot(), kind.filledBy));
    const account = dump ? guest : admin;
    await createAdmin(program, databaseUrl, account);
    const shop = await startMedusa(program, account);
    await addCurrencies(shop.admin);
    if (kind.seed && !dump) await kind.seed({ url: shop.running.url, admin: shop.admin });
    return shop;
  } catch (error) {
    await program.remove();
    throw error;
  }
}

/** Starts Medusa and logs in as its admin. */
export async function startMedusa(
  program: MedusaProgram,
  account: typeof admin,
): Promise<BuiltShop> {
  const running = await program.start();
  return { program, running, account, admin: await logInAsAdmin(running.url, account) };
}

const runFile = (url: string, file: string) =>
  execute("psql", [url, "-q", "-v", "ON_ERROR_STOP=1", "-f", file]);

async function createAdmin(
  program: MedusaProgram,
  url: string,
  { email, password }: typeof admin,
): Promise<void> {
  const known = await runSql(url, 'select from "user" where email = $1', [email]);
  if (known.length === 0) await program.run("user", "-e", email, "-p", password);
}

async function addCurrencies(client: ApiClient): Promise<void> {
  const store = await unwrap(client.get("/admin/store"), "store");
  const known: string[] = store.currencies.map(({ code }: { code: string }) => code);
  const currencies = [...new Set([...known, "usd", "eur"])];
  await unwrap(client.post("/admin/store", { currencies }), "store");
}

async function hasTable(url: string, name: string): Promise<boolean> {
  const [row] = await runSql(url, "select to_regclass(quote_ident($1)) is not null as found", [
    name,
  ]);
  return row?.["found"] === true;
}

function impatient(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", `-c lock_timeout=${LOCK_TIMEOUT_MS}`);
  return url.href;
}
