/**
 * The kit of builders. Each takes a database and the attributes that a test is about, and completes
 * the rest by itself: `aProduct(knex, { status: "draft" })`. A relation that is not named is built,
 * too. Attributes are columns, but for those that an attributes interface names.
 */
export * from "./builders/carts.ts";
export * from "./builders/customers.ts";
export * from "./builders/discounts.ts";
export * from "./builders/order-edits.ts";
export * from "./builders/orders.ts";
export * from "./builders/products.ts";
export * from "./builders/regions.ts";
export * from "./builders/sales-channels.ts";
