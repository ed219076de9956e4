import { type Entity, entity, one } from "../entity.ts";

export const giftCard = entity("gift_card", {
  columns: {
    id: "text",
    code: "text",
    value: "integer",
    balance: "integer",
    region_id: "text",
    order_id: "text?",
    is_disabled: "boolean",
    ends_at: "time?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
    tax_rate: "number?",
  },
  relations: { region: one("region", "region_id") },
});

export const giftCardEntities: readonly Entity[] = [giftCard];
