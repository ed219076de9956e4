import { describe, expect, it } from "vitest";
import { aCustomer, anOrder } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("a customer whom the shop removed", () => {
  const shop = openShop();

  it.each(["session", "token"])("is logged out at once: by a %s", async (kind) => {
    const { id, email } = await aCustomer(shop.knex);
    await anOrder(shop.knex, { customer_id: id, email });
    const browser = shop.openBrowser();
    const login = { email, password: "correct-horse" };
    const headers: Record<string, string> = {};
    if (kind === "session") await browser.post("/store/auth", login);
    else {
      const { access_token } = (await shop.post("/store/auth/token", login)).body;
      headers["authorization"] = `Bearer ${access_token}`;
    }
    const me = "/store/customers/me";
    expect((await browser.get(`${me}/orders`, headers)).body.orders).toHaveLength(1);
    await shop.knex("customer").where({ id }).update({ deleted_at: new Date() });
    for (const path of [me, `${me}/orders`, `${me}/payment-methods`, "/store/auth"])
      expect(await browser.get(path, headers)).toBeRefused(401);
    expect(await browser.post(me, { first_name: "Eve" }, headers)).toBeRefused(401);
    const { cart } = (await browser.post("/store/carts", {}, headers)).body;
    expect(cart?.customer_id ?? null).toBeNull();
  });
});
