import type { WrappedProvider } from "../provider-kind.ts";
import type { TaxedItem, TaxLine, TaxProvider, TaxQuestion } from "../tax/tax-provider.ts";
import { type ContractCheck, mustBeSame, mustHold, NotApplicableError } from "./contract-check.ts";
import type { ContractSupport } from "./contract-support.ts";
import { addressOf } from "./sample-address.ts";

/** A tax provider, and what the checks ask it. */
export interface TaxBench {
  readonly provider: WrappedProvider<TaxProvider>;
  readonly support: NonNullable<ContractSupport["tax"]>;
}

const MANY = 100;

/** What tax providers must do. */
export const taxContract: readonly ContractCheck<TaxBench>[] = [
  {
    check: "taxLines returns lines for the items and shipping methods of the question only.",
    remedy: "Use `item_id` and `shipping_method_id` of the question, with a rate, a name, a code.",
    run: async ({ provider, support }) => {
      await provider.taxLines(questionOf(support));
    },
  },
  {
    check: "Rates are in percent.",
    remedy: "Return 19 for 19 %, not 0.19 and not 1900.",
    run: async ({ provider, support }) => {
      const rates = (await provider.taxLines(questionOf(support))).map(({ rate }) => rate);
      if (rates.length === 0) throw new NotApplicableError("It returned no tax lines.");
      mustHold(
        rates.some((rate) => rate === 0 || rate >= 1),
        `All rates are less than 1 percent: ${rates.slice(0, 3).join(", ")}`,
      );
      const tooHigh = rates.find((rate) => rate > 100);
      mustHold(tooHigh === undefined, `A rate is ${tooHigh} percent`);
    },
  },
  {
    check: "No item is taxed twice by the same tax.",
    remedy: "Return one line for each tax of an item: several lines of an item add up.",
    run: async ({ provider, support }) => {
      const seen = new Set<string>();
      for (const line of await provider.taxLines(questionOf(support))) {
        const { code, name } = line;
        const key = JSON.stringify([idOf(line), code, name]);
        mustHold(!seen.has(key), `${idOf(line)} has "${name}" twice`);
        seen.add(key);
      }
    },
  },
  {
    check: "taxLines returns the same lines to the same question.",
    remedy: "Let the lines depend on the question alone: it comes at each change of a cart.",
    run: async ({ provider, support }) => {
      const question = questionOf(support);
      const first = await provider.taxLines(question);
      mustBeSame("The tax lines", first, await provider.taxLines(question));
    },
  },
  {
    check: "taxLines answers for a cart without an address, a customer and items.",
    remedy: "Expect null for `shipping_address`, `customer`, `variant_id` and `product_id`.",
    run: async ({ provider, support }) => {
      const question = questionOf(support);
      await provider.taxLines({ ...question, shipping_address: null });
      const [item] = question.items;
      const own = { ...item!, variant_id: null, product_id: null, rates: [] };
      await provider.taxLines({ ...question, items: [own], shipping_methods: [] });
      const none = await provider.taxLines({ ...question, items: [], shipping_methods: [] });
      mustHold(none.length === 0, "It returned tax lines for nothing");
    },
  },
  {
    check: "What is returned has the taxes with which it was sold.",
    remedy: "Do not let the rates depend on `is_return`.",
    run: async ({ provider, support }) => {
      const question = { ...questionOf(support), shipping_methods: [] };
      const sold = await provider.taxLines(question);
      mustBeSame("The tax lines", sold, await provider.taxLines({ ...question, is_return: true }));
    },
  },
  {
    check: `A cart of ${MANY} lines is answered in time.`,
    remedy: "Ask your service for all lines in one call.",
    run: async ({ provider, support }) => {
      const items = Array.from({ length: MANY }, (_, at) => itemOf(`item_contract_${at}`));
      await provider.taxLines({ ...questionOf(support), items });
    },
  },
];

function idOf(line: TaxLine): string {
  return "item_id" in line ? line.item_id : line.shipping_method_id;
}

const RATES = [{ rate: 19, name: "Contract test", code: "contract" }];

function questionOf(support: TaxBench["support"]): TaxQuestion {
  return {
    currency_code: support.currency_code ?? "eur",
    region_id: "reg_contract_test",
    shipping_address: addressOf(support.shipping_address),
    customer: null,
    is_return: false,
    items: [itemOf("item_contract_1"), itemOf("item_contract_2")],
    shipping_methods: [
      {
        ...{ shipping_method_id: "sm_contract_test", shipping_option_id: "so_contract_test" },
        ...{ price: 500, includes_tax: false, rates: RATES },
      },
    ],
  };
}

function itemOf(item_id: string): TaxedItem {
  return {
    ...{ item_id, variant_id: `variant_of_${item_id}`, product_id: "prod_contract_test" },
    ...{ quantity: 2, unit_price: 1999, includes_tax: false, discount: 0, is_giftcard: false },
    rates: RATES,
  };
}
