import { NotAllowedError } from "../../core/errors.ts";
import type {
  FulfillmentChoice,
  FulfillmentItem,
  FulfillmentProvider,
} from "../fulfillment/fulfillment-provider.ts";
import type { ProviderAddress } from "../parties.ts";
import type { WrappedProvider } from "../provider-kind.ts";
import { type ContractCheck, mustBeSame, mustHold, NotApplicableError } from "./contract-check.ts";
import type { ContractSupport } from "./contract-support.ts";
import { addressOf } from "./sample-address.ts";

/** A fulfillment provider, and what the checks ask it. */
export interface FulfillmentBench {
  readonly provider: WrappedProvider<FulfillmentProvider>;
  readonly support: NonNullable<ContractSupport["fulfillment"]>;
}

const UNNAMED =
  "Name what a shopper chooses by --support, as `fulfillment.option` and `fulfillment.data`.";

/** What fulfillment providers must do. */
export const fulfillmentContract: readonly ContractCheck<FulfillmentBench>[] = [
  {
    check: "validateFulfillmentData accepts a choice, and returns what is stored with it.",
    remedy: "Return an object, such as the parcel shop that was chosen.",
    run: async ({ provider, support }) => {
      await accepted(provider.validateFulfillmentData(choiceOf(support)));
    },
  },
  {
    check: "validateFulfillmentData refuses in words what it does not understand.",
    remedy: "Throw an error whose name is `Refusal`, with a message for the shopper.",
    run: async ({ provider, support }) => {
      const odd = [
        {},
        { point: null },
        { point: { id: -1 } },
        { point: [] },
        { id: "x".repeat(500) },
      ];
      for (const data of odd)
        await orRefusal(provider.validateFulfillmentData({ ...choiceOf(support), data }));
    },
  },
  {
    check: "calculatePrice returns a whole number, 0 or more.",
    remedy: "Round to the currency's smallest unit. Refuse if there is no price.",
    run: async ({ provider, support }) => {
      await accepted(provider.calculatePrice(choiceOf(support)));
    },
  },
  {
    check: "calculatePrice returns the same price to the same question.",
    remedy: "Let the price depend on the question alone: it is asked for at each change of a cart.",
    run: async ({ provider, support }) => {
      const first = await accepted(provider.calculatePrice(choiceOf(support)));
      const second = await accepted(provider.calculatePrice(choiceOf(support)));
      mustBeSame("The price", first, second);
    },
  },
  {
    check: "calculatePrice answers or refuses in words for a cart without an address and items.",
    remedy: "Expect null for `shipping_address`, `email`, `weight` and the measures.",
    run: async ({ provider, support }) => {
      const choice = choiceOf(support);
      const light = choice.cart.items.map((item) => ({ ...item, weight: null, width: null }));
      const carts = [{ shipping_address: null }, { items: [] }, { email: null }, { items: light }];
      for (const changes of carts)
        await orRefusal(
          provider.calculatePrice({ ...choice, cart: { ...choice.cart, ...changes } }),
        );
    },
  },
  {
    check: "canCalculate and calculatePrice agree.",
    remedy: "Answer true from canCalculate for exactly the options that have a calculated price.",
    run: async ({ provider, support }) => {
      if (!provider.canCalculate) throw new NotApplicableError("It has no method `canCalculate`.");
      const choice = choiceOf(support);
      if (!(await provider.canCalculate({ data: choice.option.data }))) return;
      const price = await orRefusal(provider.calculatePrice(choice));
      mustHold(
        price !== undefined || support.option === undefined,
        "canCalculate answered true, and calculatePrice refused",
      );
    },
  },
  {
    check: "validateOption answers true or false to any data.",
    remedy: "Return false for an option that you do not understand.",
    run: async ({ provider, support }) => {
      if (!provider.validateOption)
        throw new NotApplicableError("It has no method `validateOption`.");
      for (const data of [{}, support.option ?? {}]) await provider.validateOption({ data });
    },
  },
  {
    check: "createReturn prepares one parcel for one return, also when it comes twice.",
    remedy: "Use `return_id` as the idempotency key of your service.",
    run: async ({ provider, support }) => {
      if (!provider.createReturn) throw new NotApplicableError("It has no method `createReturn`.");
      const question = { ...choiceOf(support), return_id: "ret_contract_test" };
      const first = await accepted(provider.createReturn(question));
      mustBeSame("The parcel", first, await accepted(provider.createReturn(question)));
    },
  },
];

/** Returns an answer; a refusal says that the checks do not know what to ask. */
async function accepted<A>(answer: Promise<A>): Promise<A> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotAllowedError)
      throw new NotApplicableError(`It refuses: ${error.message}. ${UNNAMED}`);
    throw error;
  }
}

/** Returns an answer, or undefined for a refusal. */
async function orRefusal<A>(answer: Promise<A>): Promise<A | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotAllowedError) return;
    throw error;
  }
}

function choiceOf(support: FulfillmentBench["support"]): FulfillmentChoice {
  return {
    option: { id: "so_contract_test", data: support.option ?? {} },
    data: support.data ?? {},
    cart: {
      id: "cart_contract_test",
      region_id: "reg_contract_test",
      currency_code: support.currency_code ?? "eur",
      email: "contract-test@example.com",
      shipping_address: addressOf(support.shipping_address) satisfies ProviderAddress,
      items: [itemOf("item_contract_1", 2), itemOf("item_contract_2", 1)],
    },
  };
}

function itemOf(item_id: string, quantity: number): FulfillmentItem {
  return {
    ...{ item_id, quantity, unit_price: 1999, weight: 437, length: 31, height: 7, width: 22 },
    ...{ variant_id: `variant_of_${item_id}`, product_id: "prod_contract_test" },
  };
}
