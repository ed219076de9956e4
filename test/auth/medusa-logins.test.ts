import { beforeAll, describe, expect, it, vi } from "vitest";
import { aCustomer } from "../support/builders.ts";
import { openShop } from "../support/open-shop.ts";
import "../support/to-be-refused.ts";

/** Issued by Medusa 1.20.11 with the secrets of this shop. */
const ada = "cus_01M85VJ06QRRJ8JGAH50X37CVV";
const cookie =
  "connect.sid=s%3Ay0cPhlbInvzAVGj87eZ2cLhVTYcuQDej" +
  ".oi6W2GYJ%2FMsVr1JlQsbWo%2Fkk9pVDpxsyOUgteTJEd14";
const session = {
  cookie: {
    originalMaxAge: 36_000_000,
    expires: "2026-11-25T03:15:56.906Z",
    secure: false,
    httpOnly: true,
    path: "/",
    sameSite: false,
  },
  customer_id: ada,
};
const token =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" +
  ".eyJjdXN0b21lcl9pZCI6ImN1c18wMU04NVZKMDZRUlJKOEpHQUg1MFgzN0NWViIsImRvbWFpbiI6InN0b3JlIiwi" +
  "aWF0IjoxNzk1NTQwNTU2LCJleHAiOjE3OTgxMzI1NTZ9" +
  ".ekuhDHmHXJfaqp93QCND38DQIPS3WAxbaGblic9QZnY";
const issued = Date.parse("2026-11-24T17:15:56Z");

describe("logins that Medusa issued", () => {
  const shop = openShop();
  beforeAll(async () => {
    await aCustomer(shop.knex, { id: ada, email: "ada@example.com" });
    await shop.knex("nettle_session").insert({
      sid: "y0cPhlbInvzAVGj87eZ2cLhVTYcuQDej",
      sess: {
        ...session,
        cookie: { ...session.cookie, expires: new Date(Date.now() + 3_600_000) },
      },
      expire: new Date(Date.now() + 3_600_000),
    });
    vi.useFakeTimers({ toFake: ["Date"], now: issued + 1000 });
    return () => vi.useRealTimers();
  });
  const me = (headers: Record<string, string>) => shop.get("/store/customers/me", headers);

  it("are valid: its cookie, its token, its password", async () => {
    vi.useRealTimers();
    expect((await me({ cookie })).body.customer.email).toBe("ada@example.com");
    vi.useFakeTimers({ toFake: ["Date"], now: issued + 1000 });
    expect((await me({ authorization: `Bearer ${token}` })).body.customer.email).toBe(
      "ada@example.com",
    );
    expect(
      (
        await shop.post("/store/auth/token", {
          email: "ada@example.com",
          password: "correct-horse",
        })
      ).status,
    ).toBe(200);
  });

  it("end when the password changes in the second in which the token was issued", async () => {
    vi.setSystemTime(issued + 400);
    await shop.post(
      "/store/customers/me",
      { password: "new-horse-9" },
      { authorization: `Bearer ${token}` },
    );
    const again = await shop.post("/store/auth/token", {
      email: "ada@example.com",
      password: "new-horse-9",
    });
    await shop.post(
      "/store/customers/me",
      { password: "newer-horse" },
      { authorization: `Bearer ${again.body.access_token}` },
    );
    expect(await me({ authorization: `Bearer ${token}` })).toBeRefused(401);
    expect((await me({ authorization: `Bearer ${again.body.access_token}` })).status).toBe(200);
    vi.useRealTimers();
    expect(await me({ cookie })).toBeRefused(401);
  });
});
