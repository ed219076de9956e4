import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeShop } from "../../src/compose.ts";
import { examplesFile } from "../../src/http/openapi/api-examples.ts";
import { documentedPath } from "../../src/http/openapi/operation.ts";
import { createProviders } from "../../src/providers/providers.ts";
import { createLog } from "../../src/runtime/log.ts";
import { createEchoApp, testConfig } from "../http/create-echo-app.ts";
import { operations } from "../operations/operations.ts";
import { loadApiDocument } from "../postman/load-api-document.ts";
import { checkAnswer } from "../support/check-answer.ts";
import { normalized } from "./normalized.ts";
import { type OpenDemo, openDemo } from "./open-demo.ts";
import { type RecordedExamples, recordExamples, send } from "./record-examples.ts";

const examples: RecordedExamples = JSON.parse(readFileSync(examplesFile(), "utf8"));

/** The demo shop cannot answer them: they need a token that only a mail has. */
const needMail = ["POST /store/customers/password-reset", "POST /store/orders/customer/confirm"];

/** What no request to a new demo shop alone brings about; the document describes it in words. */
const rare = new Set(["429", "503"]);
const unseen: Readonly<Record<string, readonly string[]>> = {
  "GET /store/collections/{id}": ["400"],
  "GET /store/shipping-options": ["404"],
  "GET /store/return-reasons/{id}": ["400"],
  "GET /store/gift-cards/{code}": ["400"],
  "GET /store/auth": ["404"],
  "GET /store/customers/me": ["404"],
  "POST /store/customers/me": ["404"],
  "POST /store/customers/me/addresses": ["404"],
  "POST /store/customers/me/addresses/{address_id}": ["404"],
  "DELETE /store/customers/me/addresses/{address_id}": ["400", "404"],
  "GET /store/customers/me/payment-methods": ["404"],
  "POST /store/carts/{id}/taxes": ["400"],
  "POST /store/carts/{id}/payment-sessions": ["400", "409"],
  "POST /store/carts/{id}/payment-session": ["409"],
  "POST /store/carts/{id}/payment-sessions/{provider_id}": ["409"],
  "DELETE /store/carts/{id}/payment-sessions/{provider_id}": ["409"],
  "POST /store/carts/{id}/payment-sessions/{provider_id}/refresh": ["409"],
  "POST /store/payment-collections/{id}/sessions": ["401", "409"],
  "POST /store/payment-collections/{id}/sessions/batch": ["401", "409"],
  "POST /store/payment-collections/{id}/sessions/batch/authorize": ["401", "409"],
  "POST /store/payment-collections/{id}/sessions/{session_id}": ["401", "409"],
  "POST /store/payment-collections/{id}/sessions/{session_id}/authorize": ["401", "409"],
  "POST /store/orders/batch/customer/token": ["404"],
  "POST /store/orders/customer/confirm": ["404"],
  "POST /store/returns": ["401", "409"],
  "POST /store/swaps": ["401", "409"],
  "POST /store/order-edits/{id}/complete": ["401"],
  "POST /store/order-edits/{id}/decline": ["401"],
};

interface Media {
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Operation {
  readonly description?: string;
  readonly parameters: readonly { readonly name: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Media>> }>
  >;
}

let documented: ReadonlyMap<string, Operation>;
beforeAll(async () => {
  const { paths } = (await loadApiDocument()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  documented = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    ),
  );
});

describe("the examples of the API document", () => {
  it("are there for every operation, with a description", () => {
    for (const name of operations) {
      const operation = documented.get(name)!;
      expect(operation.description, name).toMatch(/^[A-Z`].*\.$/s);
      for (const parameter of operation.parameters)
        expect(parameter.description, `${name} ${parameter.name}`).toBeTruthy();
      if (operation.requestBody)
        expect(Object.values(operation.requestBody.content)[0]?.example, name).toBeDefined();
      const { content } = operation.responses["200"] ?? operation.responses["204"]!;
      if (content && !needMail.includes(name))
        expect(Object.values(content)[0]?.example, name).toBeDefined();
    }
  });

  it("show a real body for every error that a demo shop can be brought to", () => {
    const bare = operations.flatMap((name) =>
      Object.entries(documented.get(name)!.responses)
        .filter(([status]) => status >= "400" && !rare.has(status))
        .filter(([status]) => !unseen[name]?.includes(status))
        .filter(([, { content }]) =>
          Object.values(content ?? {}).every((media) => media.examples === undefined),
        )
        .map(([status]) => `${name} ${status}`),
    );
    expect(bare).toEqual([]);
  });

  it("show what becomes of a used Idempotency-Key, wherever one is heeded", () => {
    const heeds = (name: string) =>
      documented.get(name)!.parameters.some((one) => one.name === "Idempotency-Key");
    const keyed = operations.filter(heeds);
    expect(keyed.length).toBeGreaterThan(15);
    for (const name of keyed) {
      const { content } = documented.get(name)!.responses["422"] ?? {};
      expect(JSON.stringify(content), name).toContain("This Idempotency-Key was used for another");
    }
    // It saves nothing.
    expect(heeds("POST /store/carts/{id}/taxes")).toBe(false);
  });

  it("fit the schemas of their routes", () => {
    const { knex } = createEchoApp();
    const connections = {
      knex,
      redis: undefined,
      providers: createProviders(10),
      log: createLog("silent"),
    };
    const { routes } = composeShop(testConfig(), connections);
    const checked = routes.flatMap((route) => {
      const { answer, refusals } = examples[`${route.method} ${documentedPath(route)}`] ?? {};
      const answers = [...(answer ? [answer] : []), ...(refusals ?? [])];
      for (const { status, body } of answers) {
        // Refusals that no route declares by itself: the server makes them before the handler runs.
        const declared = status in route.answers || ![400, 401, 422].includes(status);
        if (declared) checkAnswer(route, status, body ?? undefined);
      }
      return answers;
    });
    expect(checked.length).toBeGreaterThan(operations.length * 2);
  });

  it("have no bounds, patterns or ids that are made up", async () => {
    const text = JSON.stringify(await loadApiDocument());
    expect(text).not.toContain("9007199254740991");
    expect(text).not.toContain("\\\\d{4}-(?:");
    expect(text).not.toContain("01HZX");
  });
});

describe("a new demo shop", () => {
  let demo: OpenDemo;
  beforeAll(async () => {
    demo = await openDemo();
  });
  afterAll(() => demo.close());

  it("answers as the examples say (else run `npm run examples`)", async () => {
    const again = await recordExamples(demo.server.url);
    expect(normalized(again)).toBe(normalized(examples));
  });

  it("knows the regions, products and options that the parameters name", async () => {
    const named = new Set(
      [...JSON.stringify([...documented]).matchAll(/"((?:reg|prod|variant|pcat|pcol)_\w{26})"/g)]
        .map(([, id]) => id!)
        .filter((id) => !/0{16}$/.test(id)),
    );
    const paths: Record<string, string> = {
      reg: "regions",
      prod: "products",
      variant: "variants",
      pcat: "product-categories",
      pcol: "collections",
    };
    expect(named.size).toBeGreaterThan(5);
    for (const id of named) {
      const path = `GET /store/${paths[id.split("_")[0]!]}/${id}`;
      expect((await send(demo.server.url, path, {})).status, path).toBe(200);
    }
  });
});
