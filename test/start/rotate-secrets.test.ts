import { afterAll, beforeAll, expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { aCustomer } from "../support/builders.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { buildProgram, type NettleProgram, type ServerProcess } from "./build-program.ts";

const OLD = "the-old-secret-of-a-shop";
const NEW = "the-new-secret-of-a-shop";
const login = { email: "ada@example.com", password: "correct-horse" };

/** What both secrets are in a step of docs/operations.md, and the former ones. */
const steps = [
  { current: OLD, previous: "" },
  { current: OLD, previous: NEW },
  { current: NEW, previous: OLD },
  { current: NEW, previous: "" },
] as const;

let program: NettleProgram;
let database: TestDatabase;
beforeAll(async () => {
  program = buildProgram();
  database = await openDatabase();
  await aCustomer(database.knex, { email: login.email });
});
afterAll(async () => {
  program.remove();
  await database.drop();
});

const serve = ({ current, previous }: (typeof steps)[number]) =>
  program.serve({
    DATABASE_URL: database.url,
    JWT_SECRET: current,
    COOKIE_SECRET: current,
    ...(previous && { JWT_SECRET_PREVIOUS: previous, COOKIE_SECRET_PREVIOUS: previous }),
    RATE_LIMIT: "off",
  });

/** The headers of a login by token and of one by cookie. */
async function logIn({ url }: ServerProcess): Promise<Record<string, string>[]> {
  const token = await clientAt(url).post("/store/auth/token", login);
  const session = await clientAt(url).post("/store/auth", login);
  const cookie = String(session.headers["set-cookie"]).split(";")[0]!;
  return [{ authorization: `Bearer ${token.body.access_token}` }, { cookie }];
}

const statusOf = async ({ url }: ServerProcess, headers: Record<string, string>) =>
  (await fetch(`${url}/store/customers/me`, { headers })).status;

it("both secrets are rotated on two servers in three steps, and nobody is logged out", async () => {
  const servers = [await serve(steps[0]), await serve(steps[0])];
  const logins = await logIn(servers[0]!);
  for (const step of steps.slice(1, 3))
    for (const place of servers.keys()) {
      servers[place]!.signal("SIGTERM");
      await servers[place]!.ended();
      servers[place] = await serve(step);
      for (const server of servers) logins.push(...(await logIn(server)));
      const answers = servers.flatMap((server) => logins.map((one) => statusOf(server, one)));
      expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    }
  // Without the former secret, the logins that it signed end.
  const after = await serve(steps[3]);
  for (const one of logins.slice(0, 2)) expect(await statusOf(after, one)).toBe(401);
  for (const one of logins.slice(-2)) expect(await statusOf(after, one)).toBe(200);
}, 120_000);
