import { type DemoVariant, type Prices, smallestUnits, variantsOf } from "../demo-product.ts";
import { demoProducts } from "../products/demo-products.ts";
import { type DemoPriceList, demoPriceLists } from "../promotions.ts";
import { createdDaysAgo, type DemoContext, type TableRows } from "./demo-context.ts";

interface Price {
  variant: DemoVariant;
  prices: Prices;
  daysOld: number;
  list?: DemoPriceList;
}

const LIST_DAYS_OLD = 12;

/**
 * Returns the rows of prices of each variant in each currency, and of the price lists. Their
 * customer groups must be inserted before.
 */
export function priceRows(context: DemoContext): TableRows[] {
  const { ids, now } = context;
  const prices = [...defaultPrices(), ...demoPriceLists.flatMap(listPrices)].flatMap((price) =>
    amountsOf(context, price),
  );
  return [
    {
      table: "price_list",
      rows: demoPriceLists.map((list) => ({
        id: ids("pl", list.name),
        name: list.name,
        description: list.description,
        type: list.type,
        status: "active",
        ...createdDaysAgo(now, LIST_DAYS_OLD),
      })),
    },
    {
      table: "price_list_customer_groups",
      rows: demoPriceLists.flatMap((list) =>
        list.customerGroup
          ? [
              {
                price_list_id: ids("pl", list.name),
                customer_group_id: ids("cgrp", list.customerGroup),
              },
            ]
          : [],
      ),
    },
    { table: "money_amount", rows: prices.map((price) => price.amount) },
    { table: "product_variant_money_amount", rows: prices.map((price) => price.link) },
  ];
}

function defaultPrices(): Price[] {
  return demoProducts.flatMap((product) =>
    variantsOf(product).map((variant) => ({
      variant,
      prices: variant.prices,
      daysOld: product.daysOld,
    })),
  );
}

function listPrices(list: DemoPriceList): Price[] {
  return list.prices.flatMap((entry) => {
    const product = demoProducts.find(({ handle }) => handle === entry.product);
    const variants = product ? variantsOf(product) : [];
    const matching = variants.filter(
      (variant) => entry.only === undefined || variant.values[0] === entry.only,
    );
    return matching.map((variant) => ({
      variant,
      prices: entry.prices,
      daysOld: LIST_DAYS_OLD,
      list,
    }));
  });
}

/** Returns an amount for each currency, with the row that links it to its variant. */
function amountsOf({ ids, now }: DemoContext, { variant, prices, daysOld, list }: Price) {
  return (Object.keys(prices) as (keyof Prices)[]).map((currency) => {
    const key = `${variant.sku} ${currency} ${list?.name ?? ""}`;
    const timestamps = createdDaysAgo(now, daysOld);
    return {
      amount: {
        id: ids("ma", key),
        currency_code: currency,
        amount: smallestUnits(prices[currency], currency),
        price_list_id: list ? ids("pl", list.name) : null,
        ...timestamps,
      },
      link: {
        id: ids("pvma_", key),
        money_amount_id: ids("ma", key),
        variant_id: ids("variant", variant.sku),
        ...timestamps,
      },
    };
  });
}
