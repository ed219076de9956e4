import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFakePaymentProvider } from "../support/fake-payment-provider.ts";
import { openShop } from "../support/open-shop.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { accountStories } from "./account-stories.ts";
import { afterSaleStories } from "./after-sale-stories.ts";
import { cartStories } from "./cart-stories.ts";
import { catalogueStories } from "./catalogue-stories.ts";
import {
  insertFixtureRows,
  openOperationFixture,
  type Stories,
  type Story,
} from "./operation-fixture.ts";
import { additions, operations } from "./operations.ts";
import { orderStories } from "./order-stories.ts";
import { paymentCollectionStories } from "./payment-collection-stories.ts";
import { paymentSessionStories } from "./payment-session-stories.ts";

const storyGroups: readonly Stories[] = [
  catalogueStories,
  accountStories,
  cartStories,
  paymentSessionStories,
  orderStories,
  afterSaleStories,
  paymentCollectionStories,
];
const stories: Stories = Object.assign({}, ...storyGroups);
const testedOperations = Object.keys(stories);

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
  }[];
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: object }>
  >;
}

const service = await startFakePaymentProvider();
afterAll(() => service.close());
const shop = openShop({
  providers: { payment: [remotePaymentProvider(service.url)] },
  settings: { ORDER_EDITS_UNPAID: "on" },
});
let document: ReadonlyMap<string, Operation>;
let ids: Awaited<ReturnType<typeof insertFixtureRows>>;
beforeAll(async () => {
  const { paths } = (await shop.get("/openapi.json")).body as {
    paths: Record<string, Record<string, Operation>>;
  };
  document = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    ),
  );
  ids = await insertFixtureRows(shop.knex);
});

describe("the Store API", () => {
  it("has 65 operations with one pair of stories each", () => {
    expect(new Set(operations).size).toBe(65);
    expect(testedOperations.toSorted()).toEqual(operations.toSorted());
    expect(storyGroups.flatMap((group) => Object.keys(group))).toHaveLength(
      testedOperations.length,
    );
  });

  it("is documented with exactly these operations and ours", () => {
    expect([...document.keys()].toSorted()).toEqual([...operations, ...additions].toSorted());
    const ids = [...document.values()].map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each(testedOperations)("%s", (operation) => {
  it("is documented", () => {
    const { summary, parameters, responses } = document.get(operation)!;
    expect(summary).toMatch(/^[A-Z].{4,60}$/);
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
    const named = [...operation.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(
      parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name),
    ).toEqual(named);
    expect(Object.keys(responses).filter((status) => /^2\d\d$/.test(status))).toHaveLength(1);
    expect(Object.values(responses).filter(({ description }) => !description)).toEqual([]);
  });

  it("works", async () => {
    const { status } = await runStory(operation, stories[operation]!.works);
    expect(Object.keys(document.get(operation)!.responses)).toContain(String(status));
    expect(status).toBeLessThan(300);
  });

  it("refuses", async () => {
    const { status } = await runStory(operation, stories[operation]!.refuses);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});

/** Runs a story. Its answer must be the answer of the operation itself. */
async function runStory(operation: string, story: Story) {
  const fixture = openOperationFixture(shop, ids);
  const answer = await story(fixture);
  const last = fixture.exchanges.findLast((asked) => asked.answer === answer);
  expect(last && operationOf(last.request)).toBe(operation);
  return answer;
}

/**
 * Returns the documented operation of a request. Fixed paths win over those with parameters, as in
 * the router.
 */
function operationOf(request: string): string | undefined {
  const fits = [...document.keys()].filter((operation) =>
    new RegExp(`^${operation.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(request),
  );
  return fits.toSorted((one, other) => one.split("{").length - other.split("{").length)[0];
}
