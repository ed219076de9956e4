import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { clientAt } from "../support/api-client.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { openWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { blocksBelow } from "./readme-blocks.ts";
import { runLines } from "./run-lines.ts";

let database: TestDatabase;
let program: NettleProgram;
let receiver: WebhookReceiver;
let server: ServerProcess | undefined;
beforeAll(async () => {
  database = await openDatabase("empty");
  program = buildProgram();
  receiver = await openWebhookReceiver();
});
afterAll(async () => {
  server?.signal("SIGTERM");
  await server?.ended();
  program.remove();
  await receiver.close();
  await database.drop();
});

const settings = () => ({
  DATABASE_URL: database.url,
  JWT_SECRET: "jwt-secret",
  COOKIE_SECRET: "cookie-secret",
  WEBHOOK_NETWORKS: "127.0.0.0/8",
});
const run = async (lines: string) => {
  const { code, out, error } = await runLines(lines, settings(), program.file);
  expect(code, error).toBe(0);
  return out;
};

it("an empty database becomes a shop that sells", async () => {
  const [lines, rest] = blocksBelow("Fill a shop", 1)[0]!.split("npm start\n") as [string, string];
  expect(rest).toBe("");
  await run(lines);
  server = await program.serve(settings());
  const { get, post } = clientAt(server.url);
  const { regions } = (await get("/store/regions")).body;
  const region = regions.find(({ name }: { name: string }) => name === "Europe");
  const { products } = (await get(`/store/products?region_id=${region.id}`)).body;
  const variants = products.flatMap((one: { variants: object[] }) => one.variants);
  const priced = variants.find((one: { calculated_price: number }) => one.calculated_price > 0);
  const { body } = await post("/store/carts", {
    region_id: region.id,
    items: [{ variant_id: priced.id, quantity: 1 }],
  });
  expect(body.cart.total).toBeGreaterThan(0);
  expect((await get(`/store/shipping-options/${body.cart.id}`)).body.shipping_options).not.toEqual(
    [],
  );
}, 180_000);

it("events of a shop go to the address that is added", async () => {
  const [line] = blocksBelow("Subscribers and webhooks", 1) as [string];
  const here = `http://127.0.0.1:${receiver.port}/hooks`;
  await run("npm run nettle -- migrate");
  await run(line.replace("https://erp.example/hooks", here));
  const { rows } = await database.connect().raw("select url, events from nettle_webhook");
  expect(rows).toEqual([{ url: here, events: ["order.placed"] }]);
});
