import { describe, expect, it } from "vitest";
import { anOrder } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

describe("looking up an order", () => {
  const shop = openShop();
  const lookUp = (query: Record<string, string>) =>
    shop.get(`/store/orders?${new URLSearchParams(query)}`);

  it("refuses invalid parameters and names each of them", async () => {
    expect(await shop.get("/store/orders")).toBeRefused(400, {
      type: "invalid_data",
      message:
        "display_id must be a number conforming to the specified constraints, " +
        "email must be an email",
    });
    const email = "guest@example.com";
    for (const display_id of ["4.5", "99999999999999", "five", "Infinity", "1e99", "\u0000"])
      expect(await lookUp({ display_id, email }), display_id).toBeRefused(400);
    expect(await shop.get(`/store/orders?display_id=1&display_id=2&email=${email}`)).toBeRefused(
      400,
    );
    expect(await shop.get(`/store/orders?display_id=1&email[]=${email}`)).toBeRefused(400);
    expect(
      await lookUp({ display_id: "1", email, "shipping_address[city]": "Berlin" }),
    ).toBeRefused(400, {
      message: "property city should not exist",
    });
    expect(await lookUp({ display_id: "1", email, shipping_address: "10115" })).toBeRefused(400, {
      message: "nested property shipping_address must be either object or array",
    });
    expect(await lookUp({ display_id: "1", email, expand: "cart" })).toBeRefused(400);
    const display_id = "99999999999";
    expect(await lookUp({ display_id, email: "guest" })).toBeRefused(400, {
      message: "email must be an email",
    });
    expect(await lookUp({ display_id, email, fields: "metadata" })).toBeRefused(400, {
      message: "Requested fields [metadata] are not valid",
    });
    expect(await lookUp({ display_id, email })).toBeRefused(400, {
      message: "display_id must not be greater than 2147483647",
    });
  });

  it("finds an order only by its exact number, e-mail and postal code", async () => {
    const { display_id, email } = await anOrder(shop.knex, { email: "Ada@example.com" });
    const fitting = { display_id: String(display_id), email };
    for (const query of [
      { ...fitting, display_id: String(display_id + 1000) },
      { ...fitting, display_id: "0" },
      { ...fitting, display_id: "-1" },
      { ...fitting, email: "ada@example.com" },
      { ...fitting, email: "guest@example.com" },
      { ...fitting, "shipping_address[postal_code]": "1011" },
      { ...fitting, "shipping_address[postal_code]": "%" },
      { ...fitting, "shipping_address[postal_code]": "" },
    ]) {
      const answer = await lookUp(query);
      expect(answer).toMatchObject({ status: 404, text: "Not Found" });
      expect(answer.headers["content-type"]).toMatch("text/plain");
    }
    expect((await lookUp(fitting)).body.order).toMatchObject({ display_id, email, total: 1740 });
    expect((await lookUp({ ...fitting, "shipping_address[postal_code]": "10115" })).status).toBe(
      200,
    );
  });

  it("returns only the totals that are named", async () => {
    const { id, display_id, email } = await anOrder(shop.knex);
    const { order } = (
      await lookUp({ display_id: String(display_id), email, fields: "id,total", expand: "region" })
    ).body;
    expect(Object.keys(order).sort()).toEqual(["created_at", "id", "region", "total"]);
    expect(order).toMatchObject({ id, total: 1740 });
  });
});
