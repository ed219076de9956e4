import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bcryptHash } from "../../src/domains/auth/bcrypt-hash.ts";
import { fitsScryptHash } from "../../src/domains/auth/scrypt-hash.ts";
import { buildAsMedusa } from "../schema/build-as-medusa.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";
import { aCustomer } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";

const secrets = { JWT_SECRET: "kq83hfnalz02mfpw", COOKIE_SECRET: "p0qmx62ncbaz91vh" };

let program: NettleProgram;
let database: TestDatabase;
beforeAll(async () => {
  program = buildProgram();
  database = await openDatabase("empty");
  await buildAsMedusa(database.knex);
  expect((await program.run("migrate", { DATABASE_URL: database.url })).code).toBe(0);
});
afterAll(async () => {
  program.remove();
  await database.drop();
});

const hashOf = async (email: string): Promise<string> => {
  const row = await database.knex("customer").where({ email }).first("password_hash");
  return row.password_hash;
};

interface Me {
  readonly customer: { readonly email: string };
}

interface Posted {
  readonly status: number;
  /** The e-mail of the customer that the answer's cookie logs in. */
  readonly me: string | undefined;
}

/** Serves the shop while `use` runs. */
async function whileServing(
  settings: Record<string, string>,
  use: (post: (path: string, body: unknown) => Promise<Posted>) => Promise<void>,
): Promise<void> {
  const server: ServerProcess = await program.serve({
    ...{ DATABASE_URL: database.url, ...secrets, ...settings },
  });
  try {
    await use(async (path, body) => {
      const answer = await fetch(`${server.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      await answer.arrayBuffer();
      const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
      const me = await fetch(`${server.url}/store/customers/me`, { headers: { cookie } });
      const { customer } = (await me.json().catch(() => ({}))) as Partial<Me>;
      return { status: answer.status, me: customer?.email };
    });
  } finally {
    server.signal("SIGTERM");
    await server.ended();
  }
}

const account = (email: string) => ({
  ...{ first_name: "Ada", last_name: "Byron", email, password: "correct-horse" },
});

describe("a shop that Medusa built and in which nobody had a password", () => {
  it("stores passwords in the form that Medusa reads, so none is lost by an undo", async () => {
    const early = { email: "early@example.com", password: "correct-horse" };
    await aCustomer(database.knex, {
      ...{ email: early.email, password_hash: await bcryptHash(early.password, 8) },
    });
    await whileServing({}, async (post) => {
      expect(await post("/store/customers", account("new@example.com"))).toEqual({
        ...{ status: 200, me: "new@example.com" },
      });
      for (const login of [early, early])
        expect(await post("/store/auth", login)).toEqual({ status: 200, me: early.email });
    });
    for (const email of ["new@example.com", early.email])
      expect(await fitsScryptHash("correct-horse", await hashOf(email))).toBe(true);
    const { out } = await undo();
    expect(out).not.toContain("password");
  });

  it("stores them by bcrypt where PASSWORD_FORM says so, and an undo tells of it", async () => {
    expect((await program.run("migrate", { DATABASE_URL: database.url })).code).toBe(0);
    await whileServing({ PASSWORD_FORM: "bcrypt", PASSWORD_BCRYPT_COST: "8" }, async (post) => {
      expect(await post("/store/customers", account("other@example.com"))).toEqual({
        ...{ status: 200, me: "other@example.com" },
      });
    });
    expect(await hashOf("other@example.com")).toMatch(/^\$2b\$08\$/);
    const { out } = await undo();
    expect(out).toContain("1 customer must reset the password");
  });
});

/** Closes the test's own connections first, which look like those of a server. */
async function undo() {
  await database.knex.destroy();
  database.knex.initialize();
  const done = await program.run("migrate --undo", { DATABASE_URL: database.url });
  expect([done.code, done.error]).toEqual([0, ""]);
  return done;
}
