import { entity, many, one, through } from "../entity.ts";
import { creation, newestFirst } from "../row-order.ts";

/** A customer. The password hash is not a column here, so nothing can show it. */
export const customer = entity("customer", {
  columns: {
    id: "text",
    email: "text",
    first_name: "text?",
    last_name: "text?",
    billing_address_id: "text?",
    phone: "text?",
    has_account: "boolean",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    billing_address: one("address", "billing_address_id"),
    shipping_addresses: many("address", "customer_id", { order: creation }),
    orders: many("order", "customer_id", { order: newestFirst }),
    groups: through(
      "customer_group",
      "customer_group_customers",
      "customer_id",
      "customer_group_id",
    ),
  },
});

export const address = entity("address", {
  columns: {
    id: "text",
    customer_id: "text?",
    company: "text?",
    first_name: "text?",
    last_name: "text?",
    address_1: "text?",
    address_2: "text?",
    city: "text?",
    country_code: "text?",
    province: "text?",
    postal_code: "text?",
    phone: "text?",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
    metadata: "json?",
  },
  relations: {
    customer: one("customer", "customer_id"),
    country: one("country", "country_code", { to: "iso_2" }),
  },
});

/**
 * A group of customers. Its metadata is no column here: it is for the shop alone. Its members are
 * not a relation: a customer may not read the other members through the group.
 */
export const customerGroup = entity("customer_group", {
  columns: {
    id: "text",
    name: "text",
    created_at: "time",
    updated_at: "time",
    deleted_at: "time?",
  },
});

export const customerEntities = [customer, address, customerGroup] as const;
