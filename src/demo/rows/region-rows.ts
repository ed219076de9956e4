import { type DemoRegion, demoRegions } from "../regions.ts";
import { createdDaysAgo, type DemoContext, type TableRows } from "./demo-context.ts";

const CREATED_DAYS_AGO = 62;

/**
 * Returns the rows of regions with their providers, reduced tax rates and shipping options. Product
 * types must be inserted before.
 */
export function regionRows(context: DemoContext): TableRows[] {
  const { ids } = context;
  const providers = demoRegions.map((region) => ({
    region_id: ids("reg", region.key),
    provider_id: "manual",
  }));
  const options = demoRegions.flatMap((region) => shippingOptionRows(context, region));
  return [
    { table: "region", rows: demoRegions.map((region) => regionRow(context, region)) },
    { table: "region_payment_providers", rows: providers },
    { table: "region_fulfillment_providers", rows: providers },
    ...bookRateRows(context),
    { table: "shipping_option", rows: options },
    {
      table: "shipping_option_requirement",
      rows: demoRegions.map((region) => ({
        id: ids("sor", region.key),
        shipping_option_id: ids("so", `${region.key} free`),
        type: "min_subtotal",
        amount: region.shipping.freeFrom,
      })),
    },
  ];
}

function regionRow({ ids, now }: DemoContext, region: DemoRegion): Record<string, unknown> {
  return {
    id: ids("reg", region.key),
    name: region.name,
    currency_code: region.currency,
    tax_rate: region.taxRate,
    tax_code: region.taxCode,
    includes_tax: region.includesTax,
    gift_cards_taxable: region.giftCardsTaxable,
    automatic_taxes: true,
    tax_provider_id: null,
    ...createdDaysAgo(now, CREATED_DAYS_AGO),
  };
}

function bookRateRows({ ids, now }: DemoContext): TableRows[] {
  const timestamps = createdDaysAgo(now, CREATED_DAYS_AGO);
  const reduced = demoRegions.flatMap(({ key, bookRate }) => (bookRate ? [{ key, bookRate }] : []));
  return [
    {
      table: "tax_rate",
      rows: reduced.map(({ key, bookRate }) => ({
        id: ids("txr", key),
        region_id: ids("reg", key),
        ...bookRate,
        ...timestamps,
      })),
    },
    {
      table: "product_type_tax_rate",
      rows: reduced.map(({ key }) => ({
        product_type_id: ids("ptyp", "Books"),
        rate_id: ids("txr", key),
        ...timestamps,
      })),
    },
  ];
}

function shippingOptionRows(context: DemoContext, region: DemoRegion): Record<string, unknown>[] {
  const { ids, now, defaultProfileId, giftCardProfileId } = context;
  const option = (key: string, name: string, amount: number) => ({
    id: ids("so", `${region.key} ${key}`),
    name,
    region_id: ids("reg", region.key),
    profile_id: defaultProfileId,
    provider_id: "manual",
    price_type: "flat_rate",
    amount,
    is_return: false,
    admin_only: false,
    includes_tax: region.includesTax,
    data: { id: "manual-fulfillment" },
    ...createdDaysAgo(now, CREATED_DAYS_AGO),
  });
  const { shipping } = region;
  return [
    option("standard", "Standard delivery", shipping.standard),
    option("express", "Express delivery", shipping.express),
    option("free", shipping.freeName, 0),
    { ...option("return", "Return by post", shipping.return), is_return: true },
    { ...option("gift card", "By e-mail", 0), profile_id: giftCardProfileId },
  ];
}
