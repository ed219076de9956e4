import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { fillCart } from "../support/builders.ts";
import { completeCart } from "./complete-cart.ts";
import { createShopSetup } from "./create-in-admin.ts";
import { openBoth } from "./open-both.ts";

const shop = openBoth();
let program: NettleProgram;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => program.remove());

it("`nettle compare` finds only what is deliberate between a Medusa and its Nettle", async () => {
  const setup = await createShopSetup(shop.medusa.admin);
  const open = await fillCart(shop.medusa.store, setup, { quantity: 2 });
  const placed = await fillCart(shop.nettle.store, setup, {});
  const order = await completeCart(shop.medusa.store, placed.id);
  const words = [
    `--medusa ${shop.medusa.url}`,
    `--nettle ${shop.nettle.url}`,
    `--carts ${open.id},${placed.id}`,
    `--orders ${order.id},order_of_nobody`,
    "--json",
  ];
  const { code, out, error } = await program.run(`compare ${words.join(" ")}`, {});
  const { findings, requests } = JSON.parse(out);
  expect(findings.filter(({ name }: { name?: string }) => !name)).toEqual([]);
  expect(findings.map(({ name }: { name: string }) => name)).toContain("customer-details");
  expect(requests).toBeGreaterThan(15);
  expect(code, error).toBe(0);
});
