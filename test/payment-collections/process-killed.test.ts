import { expect, it } from "vitest";
import { clientAt } from "../support/api-client.ts";
import { endOf, openServers } from "../support/open-servers.ts";
import { aPaymentCollection, collectionState, setPaymentSessions } from "./a-payment-collection.ts";

const servers = openServers();
const survivor = () => clientAt(servers.survivor);

/** Sets one session and kills a process during its authorization. */
async function anInterruptedAuthorization() {
  const victim = await servers.serveVictim();
  const { path } = await aPaymentCollection(servers.knex);
  const [session] = await setPaymentSessions(survivor(), path);
  servers.service.setFailureMode({ step: "authorize", kind: "slow", milliseconds: 3000 });
  const reached = servers.waitForProviderCall("authorize");
  const ended = endOf(clientAt(victim.url).post(`${path}/sessions/${session}/authorize`));
  expect(await Promise.race([reached.then(() => "waits"), ended])).toBe("waits");
  victim.signal("SIGKILL");
  expect(await ended).toBe("cut off");
  return { path, session };
}

/** Lets the lease of the killed process expire. */
const expireLease = (seconds: number) =>
  servers
    .knex("nettle_authorization")
    .update({ claimed_until: servers.knex.raw("now() - make_interval(secs => ?)", [seconds]) });

it("a process killed during an authorization leaves it to the next request", async () => {
  const { authorized } = servers.service.ledger.totals();
  const { path, session } = await anInterruptedAuthorization();
  expect((await survivor().post(`${path}/sessions/${session}/authorize`)).status).toBe(200);
  expect(await collectionState(survivor(), path)).toMatchObject({
    status: "authorized",
    payments: [1190],
  });
  expect(servers.service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);

it("a process killed during an authorization leaves it to a background loop", async () => {
  const { authorized } = servers.service.ledger.totals();
  const { path } = await anInterruptedAuthorization();
  await expireLease(60);
  const state = () => collectionState(survivor(), path);
  await expect
    .poll(state, { timeout: 30_000 })
    .toMatchObject({ status: "authorized", payments: [1190] });
  expect(servers.service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);

it("two processes that authorize one session together pay once", async () => {
  const other = clientAt((await servers.serve()).url);
  const { path } = await aPaymentCollection(servers.knex);
  const [session] = await setPaymentSessions(survivor(), path);
  const { authorized } = servers.service.ledger.totals();
  servers.service.setFailureMode({ step: "authorize", kind: "slow" });
  const clients = Array.from({ length: 20 }, (_, number) => (number % 2 ? survivor() : other));
  const answers = await Promise.all(
    clients.map((client) => client.post(`${path}/sessions/${session}/authorize`)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await collectionState(other, path)).toMatchObject({
    status: "authorized",
    payments: [1190],
  });
  expect(servers.service.ledger.totals().authorized).toBe(authorized + 1190);
}, 60_000);
