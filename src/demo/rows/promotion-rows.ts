import { demoOrders } from "../demo-orders.ts";
import { demoGiftCard } from "../demo-shop.ts";
import { demoDiscounts } from "../promotions.ts";
import { demoRegions } from "../regions.ts";
import { createdDaysAgo, type DemoContext, daysBefore, type TableRows } from "./demo-context.ts";

/**
 * Returns the rows of discounts with their rules, conditions and regions, and of the gift card.
 * Regions and products must be inserted before.
 */
export function promotionRows(context: DemoContext): TableRows[] {
  const { ids, now } = context;
  return [
    {
      table: "discount_rule",
      rows: demoDiscounts.map(({ code, description, type, value, allocation, startedDaysAgo }) => ({
        id: ids("dru", code),
        description,
        type,
        value,
        allocation,
        ...createdDaysAgo(now, startedDaysAgo),
      })),
    },
    {
      table: "discount",
      rows: demoDiscounts.map(({ code, usageLimit, startedDaysAgo, endedDaysAgo }) => ({
        id: ids("disc", code),
        code,
        rule_id: ids("dru", code),
        is_dynamic: false,
        is_disabled: false,
        starts_at: daysBefore(now, startedDaysAgo),
        ends_at: endedDaysAgo === undefined ? null : daysBefore(now, endedDaysAgo),
        usage_limit: usageLimit ?? null,
        usage_count: demoOrders.filter((order) => order.code === code).length,
        ...createdDaysAgo(now, startedDaysAgo),
      })),
    },
    {
      table: "discount_regions",
      rows: demoDiscounts.flatMap(({ code, regions }) =>
        regions.map((region) => ({
          discount_id: ids("disc", code),
          region_id: ids("reg", region),
        })),
      ),
    },
    ...conditionRows(context),
    { table: "gift_card", rows: [giftCardRow(context)] },
  ];
}

function conditionRows({ ids, now }: DemoContext): TableRows[] {
  const limited = demoDiscounts.flatMap(({ code, products, startedDaysAgo }) =>
    products ? [{ code, products, timestamps: createdDaysAgo(now, startedDaysAgo) }] : [],
  );
  return [
    {
      table: "discount_condition",
      rows: limited.map(({ code, timestamps }) => ({
        id: ids("discon", code),
        type: "products",
        operator: "in",
        discount_rule_id: ids("dru", code),
        ...timestamps,
      })),
    },
    {
      table: "discount_condition_product",
      rows: limited.flatMap(({ code, products, timestamps }) =>
        products.map((handle) => ({
          condition_id: ids("discon", code),
          product_id: ids("prod", handle),
          ...timestamps,
        })),
      ),
    },
  ];
}

function giftCardRow({ ids, now }: DemoContext): Record<string, unknown> {
  const region = demoRegions.find(({ key }) => key === demoGiftCard.region);
  return {
    id: ids("gift", demoGiftCard.code),
    code: demoGiftCard.code,
    value: demoGiftCard.value,
    balance: demoGiftCard.value,
    region_id: ids("reg", demoGiftCard.region),
    is_disabled: false,
    tax_rate: region?.giftCardsTaxable ? region.taxRate : null,
    ...createdDaysAgo(now, 5),
  };
}
