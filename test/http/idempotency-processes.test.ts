import { afterAll, beforeAll, expect, it } from "vitest";
import { buildCounterProgram } from "../support/build-counter-program.ts";
import { openDatabase, type TestDatabase } from "../support/open-database.ts";
import { createCounters } from "./counter-routes.ts";

const program = buildCounterProgram();
let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
  await createCounters(database.knex, ["red", "blue", "green", "yellow"]);
});
afterAll(async () => {
  program.remove();
  await database.drop();
});

const increment = async (url: string, id: string, key: string, amount = 5) => {
  const answer = await fetch(`${url}/store/counters/${id}/increments`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ amount }),
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { readonly counter: { readonly value: number } },
  };
};
const counterValue = async (id: string) =>
  (await database.knex("counter").where({ id }).first()).value;

it("twenty requests with one key in two processes are executed once", async () => {
  const urls = [await program.start(database.url), await program.start(database.url)];
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => increment(urls[at % 2]!, "red", `round ${round}`)),
    );
    for (const { status, body } of answers)
      expect([status, body.counter.value]).toEqual([200, 5 * (round + 1)]);
  }
  expect(await counterValue("red")).toBe(25);
});

it("a repeat in another process is answered, even when it would now be refused", async () => {
  const urls = [await program.start(database.url), await program.start(database.url)];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => increment(urls[at % 2]!, "yellow", "full", 300)),
  );
  expect(answers.map(({ body }) => body.counter?.value)).toEqual(Array(20).fill(300));
});

it("of two different requests with one key in two processes, one is refused", async () => {
  const urls = [await program.start(database.url), await program.start(database.url)];
  const answers = await Promise.all([
    increment(urls[0]!, "blue", "shared", 1),
    increment(urls[1]!, "blue", "shared", 2),
  ]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422]);
});

it("a repeat after a kill between commit and response gets the response", async () => {
  const killed = await program.start(database.url, "killed-after-commit");
  await expect(increment(killed, "green", "lost")).rejects.toThrow();
  expect(await counterValue("green")).toBe(5);
  const next = await program.start(database.url);
  expect(await increment(next, "green", "lost")).toEqual({
    status: 200,
    body: { counter: { id: "green", value: 5 }, key: "lost" },
  });
  expect(await counterValue("green")).toBe(5);
});
