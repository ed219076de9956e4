import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { buildProgram, type ServerProcess } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { aShopSetup, fillCart, type ShopSetup } from "../support/builders.ts";
import { startFakeStripe, stripeKeys } from "../support/fake-stripe/fake-stripe.ts";
import { findProgram } from "../support/find-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { blocksBelow } from "./readme-blocks.ts";

const [account, withoutAccount] = blocksBelow("Payments by Stripe", 2).map((block) =>
  block.trim().replaceAll("\\\n", "").split("\n"),
);

describe.runIf(findProgram("curl"))("the README's commands for Stripe", () => {
  const program = buildProgram();
  let database: TestDatabase;
  let setup: ShopSetup;
  let folder: string;
  let server: ServerProcess | undefined;
  let fake: ChildProcess | undefined;
  beforeAll(async () => {
    database = await openDatabase();
    setup = await aShopSetup(database.knex);
  });
  afterEach(async () => {
    if (fake) process.kill(-fake.pid!);
    server?.signal("SIGTERM");
    await server?.ended();
    rmSync(folder, { recursive: true });
  });
  afterAll(async () => {
    program.remove();
    await database.drop();
  });

  const run = (line: string) => {
    const { status, stderr } = spawnSync("sh", ["-ec", line], { cwd: folder, encoding: "utf8" });
    expect(status, stderr).toBe(0);
  };

  /** Runs the lines in a folder, the start of the shop as a process of the test. */
  async function follow(lines: readonly string[], replace: (line: string) => string) {
    folder = mkdtempSync(join(tmpdir(), "nettle-readme-"));
    for (const line of lines) {
      const sql = /^psql "\$DATABASE_URL" -c "(.*)"$/.exec(line)?.[1];
      if (sql) await database.knex.raw(sql);
      else if (line === "npm start")
        server = await program.serve(
          { DATABASE_URL: database.url, JWT_SECRET: "jwt-secret", COOKIE_SECRET: "cookie-secret" },
          folder,
        );
      else run(replace(line));
    }
    return server!.url;
  }

  const aSession = async (url: string) => {
    const cart = await fillCart(clientAt(url), setup);
    const path = `/store/carts/${cart.id}/payment-session`;
    const { body } = await clientAt(url).post(path, { provider_id: "stripe" });
    return { cart: cart.id as string, secret: body.cart.payment_session.data.client_secret };
  };
  const isOrder = async (cart: string) =>
    (await database.knex("order").where({ cart_id: cart })).length === 1;

  it("take payments with an account in test mode, also when the browser is closed", async () => {
    const stripe = await startFakeStripe();
    const [listen, ...lines] = account!;
    const address = /^stripe listen --forward-to localhost:9000(\S+)$/.exec(listen!)![1];
    const url = await follow([`echo STRIPE_API_BASE=${stripe.url} >> .env`, ...lines], (line) =>
      line.replace("sk_test_…", stripeKeys.secret).replace("whsec_…", stripeKeys.webhook),
    );
    stripe.webhooks.url = `${url}${address}`;
    const { cart, secret } = await aSession(url);
    await stripe.confirm(secret);
    await expect.poll(() => isOrder(cart), { timeout: 20_000 }).toBe(true);
    await stripe.close();
  });

  it("take payments without an account", async () => {
    const [command, at] = ["npm run --silent fake-stripe -- 0", { cwd: projectRoot() }];
    fake = spawn("sh", ["-c", command], { ...at, detached: true });
    const stripe = await addressOf(fake);
    const url = await follow(withoutAccount!, (line) =>
      line
        .replaceAll("http://localhost:9210", stripe)
        .replaceAll("http://localhost:9000", server?.url ?? ""),
    );
    const { cart, secret } = await aSession(url);
    const id = secret.split("_secret_")[0];
    const paid = `-d client_secret=${secret} -d payment_method=pm_card_visa`;
    run(`curl -sf -u pk_test_nettle: ${paid} ${stripe}/v1/payment_intents/${id}/confirm`);
    await expect.poll(() => isOrder(cart), { timeout: 20_000 }).toBe(true);
  });
});

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  for await (const part of stdout!) {
    text += String(part);
    const address = /is at (http\S+\d)/.exec(text)?.[1];
    if (address) return address;
  }
  throw new Error(`The fake Stripe did not start: ${text}`);
}
