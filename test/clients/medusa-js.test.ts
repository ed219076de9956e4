import Medusa from "@medusajs/medusa-js";
import { beforeAll, describe, expect, it } from "vitest";
import { aRegion } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";

const street = {
  first_name: "Ada",
  last_name: "Lind",
  address_1: "Strandvejen 1",
  city: "Aarhus",
  country_code: "dk",
  postal_code: "8000",
};

/** The published client in Node, where it keeps no cookies: the tests pass them on. */
describe("medusa-js", () => {
  const shop = openShop();
  const email = "ada@example.com";
  const newClient = () => new Medusa({ baseUrl: shop.url, maxRetries: 0 });
  const refused = (status: number) => ({ response: { status } });
  let customerId: string;
  let regionId: string;
  beforeAll(async () => {
    regionId = (await aRegion(shop.knex)).id;
  });

  it("registers and is logged in by the cookie of the response", async () => {
    const account = { first_name: "Ada", last_name: "Lind", email, password: "s3cret-horse" };
    await expect(newClient().customers.create({ ...account, ...street })).rejects.toMatchObject(
      refused(400),
    );
    const { customer, response } = await newClient().customers.create(account);
    customerId = customer.id;
    const cookie = cookieOf(response);
    expect((await newClient().customers.retrieve({ cookie })).customer.email).toBe(email);
    await expect(newClient().customers.retrieve()).rejects.toMatchObject(refused(401));
  });

  it("logs in by cookie and logs out", async () => {
    const client = newClient();
    await expect(client.auth.authenticate({ email, password: "wrong" })).rejects.toMatchObject(
      refused(401),
    );
    expect((await client.auth.exists(email)).exists).toBe(true);
    const { response } = await client.auth.authenticate({ email, password: "s3cret-horse" });
    const cookie = cookieOf(response);
    expect((await client.auth.getSession({ cookie })).customer.id).toBe(customerId);
    await client.auth.deleteSession({ cookie });
    await expect(client.auth.getSession({ cookie })).rejects.toMatchObject(refused(401));
  });

  it("logs in by token and uses the account", async () => {
    const client = newClient();
    const { access_token } = await client.auth.getToken({ email, password: "s3cret-horse" });
    const headers = { authorization: `Bearer ${access_token}` };
    const added = await client.customers.addresses.addAddress(
      { address: street } as never,
      headers,
    );
    const [address] = added.customer.shipping_addresses;
    const changed = await client.customers.addresses.updateAddress(
      address!.id,
      { city: "Ribe" },
      headers,
    );
    expect(changed.customer.shipping_addresses).toMatchObject([{ id: address!.id, city: "Ribe" }]);
    expect((await client.customers.update({ phone: "+451" }, headers)).customer.phone).toBe("+451");
    expect((await client.customers.paymentMethods.list(headers)).payment_methods).toEqual([]);
    await shop.knex("order").insert({
      id: "order_1",
      customer_id: customerId,
      email,
      region_id: regionId,
      currency_code: "eur",
    });
    expect((await client.auth.getSession(headers)).customer.orders).toMatchObject([
      { id: "order_1", object: "order" },
    ]);
    expect(await client.customers.listOrders({ limit: 5 }, headers)).toMatchObject({
      count: 1,
      orders: [{ id: "order_1" }],
    });
    const emptied = await client.customers.addresses.deleteAddress(address!.id, headers);
    expect(emptied.customer.shipping_addresses).toEqual([]);
  });

  it("resets a forgotten password", async () => {
    const client = newClient();
    await client.customers.generatePasswordToken({ email });
    const { data } = await shop
      .knex("nettle_delivery")
      .where({ name: "customer.password_reset" })
      .first("data");
    await client.customers.resetPassword({ email, token: data.token, password: "new-horse-9" });
    await expect(client.auth.getToken({ email, password: "s3cret-horse" })).rejects.toMatchObject(
      refused(401),
    );
    expect((await client.auth.getToken({ email, password: "new-horse-9" })).access_token).toMatch(
      /^ey/,
    );
  });
});

function cookieOf(response: { readonly headers?: unknown }): string {
  const { "set-cookie": set } = response.headers as { "set-cookie": string[] };
  return set[0]!.split(";")[0]!;
}
