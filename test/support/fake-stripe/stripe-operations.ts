import type { Parameters, StripeAccount } from "./stripe-account.ts";
import { unauthorized } from "./stripe-api-error.ts";
import type { FakeIntent } from "./stripe-objects.ts";

/** An operation of Stripe's API. */
export interface Operation {
  readonly name: `${"intents" | "customers" | "refunds" | "methods"}.${string}`;
  /** Whether a browser may call it, with the publishable key and the intent's secret. */
  readonly isPublic?: boolean;
  readonly run: (account: StripeAccount, id: string, given: Parameters) => unknown;
}

const intents = "/v1/payment_intents";

/** Every operation that the shop and a storefront use, by method and path. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  [`POST ${intents}`]: {
    name: "intents.create",
    run: (account, _, given) => account.createIntent(given),
  },
  [`GET ${intents}/:id`]: {
    name: "intents.retrieve",
    isPublic: true,
    run: (account, id, given) => {
      const intent = account.intent(id);
      mustKnowSecret(intent, given);
      const isExpanded = [given["expand"]].flat().includes("latest_charge");
      const charge = account.charges.get(intent.latest_charge ?? "");
      return isExpanded && charge ? { ...intent, latest_charge: charge } : intent;
    },
  },
  [`POST ${intents}/:id`]: {
    name: "intents.update",
    run: (account, id, given) => account.updateIntent(id, given),
  },
  [`POST ${intents}/:id/confirm`]: {
    name: "intents.confirm",
    isPublic: true,
    run: (account, id, given) => {
      mustKnowSecret(account.intent(id), given);
      return account.confirmIntent(id, given);
    },
  },
  [`POST ${intents}/:id/capture`]: {
    name: "intents.capture",
    run: (account, id, given) => account.captureIntent(id, given),
  },
  [`POST ${intents}/:id/cancel`]: {
    name: "intents.cancel",
    run: (account, id) => account.cancelIntent(id),
  },
  "POST /v1/refunds": { name: "refunds.create", run: (account, _, given) => account.refund(given) },
  "POST /v1/customers": {
    name: "customers.create",
    run: (account, _, given) => account.customers.create(given),
  },
  "GET /v1/payment_methods": {
    name: "methods.list",
    run: (account, _, { customer, type }) => ({
      object: "list",
      data: account.customers.methodsOf(String(customer), String(type)),
      has_more: false,
      url: "/v1/payment_methods",
    }),
  },
};

/** A browser acts on the intent whose secret it knows. */
function mustKnowSecret({ client_secret }: FakeIntent, { client_secret: given }: Parameters): void {
  if (given !== undefined && given !== client_secret)
    throw unauthorized("The client_secret is not the intent's");
}

/** Finds the operation of a request, and the id in its path; "" where there is none. */
export function findOperation(
  method: string,
  path: string,
): { operation: Operation; id: string } | undefined {
  const [, collection = "", id = "", rest = ""] =
    /^(\/v1\/\w+)(?:\/(\w+))?(\/\w+)?$/.exec(path) ?? [];
  const operation = OPERATIONS[`${method} ${collection}${id ? "/:id" : ""}${rest}`];
  return operation && { operation, id };
}
