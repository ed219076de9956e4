import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShop } from "../support/open-shop.ts";
import { startPaymentService } from "../support/payment-service.ts";
import { remotePayment } from "../support/remote-payment-provider.ts";
import { accountStories } from "./account-stories.ts";
import { afterSaleStories } from "./after-sale-stories.ts";
import { cartStories } from "./cart-stories.ts";
import { catalogueStories } from "./catalogue-stories.ts";
import { additions, operations } from "./operations.ts";
import { orderStories } from "./order-stories.ts";
import { paymentCollectionStories } from "./payment-collection-stories.ts";
import { paymentSessionStories } from "./payment-session-stories.ts";
import { openStage, type Stories, type Story, setTheStage } from "./stage.ts";

const rooms: readonly Stories[] = [
  catalogueStories,
  accountStories,
  cartStories,
  paymentSessionStories,
  orderStories,
  afterSaleStories,
  paymentCollectionStories,
];
const stories: Stories = Object.assign({}, ...rooms);
const told = Object.keys(stories);

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: object }>>;
}

const service = await startPaymentService();
afterAll(() => service.close());
const shop = openShop({ providers: { payment: [remotePayment(service.url)] } });
let document: ReadonlyMap<string, Operation>;
let set: Awaited<ReturnType<typeof setTheStage>>;
beforeAll(async () => {
  const { paths } = (await shop.get("/openapi.json")).body as { paths: Record<string, Record<string, Operation>> };
  document = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );
  set = await setTheStage(shop.knex);
});

describe("the Store API", () => {
  it("has 65 operations, each with its stories, told once", () => {
    expect(new Set(operations).size).toBe(65);
    expect(told.toSorted()).toEqual(operations.toSorted());
    expect(rooms.flatMap((room) => Object.keys(room))).toHaveLength(told.length);
  });

  it("is documented whole, and with it what is ours, and nothing else", () => {
    expect([...document.keys()].toSorted()).toEqual([...operations, ...additions].toSorted());
    const ids = [...document.values()].map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each(told)("%s", (operation) => {
  it("says what it does, what it takes and what it answers", () => {
    const { summary, parameters, responses } = document.get(operation)!;
    expect(summary).toMatch(/^[A-Z].{4,60}$/);
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
    const named = [...operation.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(named);
    expect(Object.keys(responses).filter((status) => /^2\d\d$/.test(status))).toHaveLength(1);
    expect(Object.values(responses).filter(({ description }) => !description)).toEqual([]);
  });

  it("works", async () => {
    const { status } = await play(operation, stories[operation]!.works);
    expect(Object.keys(document.get(operation)!.responses)).toContain(String(status));
    expect(status).toBeLessThan(300);
  });

  it("refuses", async () => {
    const { status } = await play(operation, stories[operation]!.refuses);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});

/** Plays a story; its answer must be what the operation itself answered. */
async function play(operation: string, story: Story) {
  const stage = openStage(shop, set);
  const answer = await story(stage);
  const last = stage.asked.findLast((asked) => asked.answer === answer);
  expect(last && operationOf(last.request)).toBe(operation);
  return answer;
}

/** The documented operation that a request is for; fixed addresses go before those with parameters, as they do in the router. */
function operationOf(request: string): string | undefined {
  const fits = [...document.keys()].filter((operation) =>
    new RegExp(`^${operation.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(request),
  );
  return fits.toSorted((one, other) => one.split("{").length - other.split("{").length)[0];
}
