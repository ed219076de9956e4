import type { Knex } from "knex";
import { newId } from "../../../src/database/new-id.ts";
import { type InsertedRow, insert, nextNumber, type Row } from "./insert.ts";

/** The hash of "correct-horse" in Medusa's format. */
const PASSWORD_HASH =
  "c2NyeXB0AAEAAAABAAAAAXMpgap4CiM7m57DugonfI2XI7BMsXUaLBrRS1L6IYy6" +
  "ObhHfIWJXQyMOVVRSOpyvBzgrB3hdImUKobRDBp5ImVsWs+wmbKE7tZH3C52NTMf";

/** Builds a customer with an account and the password "correct-horse". */
export const aCustomer = (knex: Knex, attributes: Row = {}) =>
  insert<{ email: string; password_hash: string }>(knex, "customer", {
    id: newId("cus"),
    email: `customer-${nextNumber()}@example.com`,
    password_hash: PASSWORD_HASH,
    has_account: true,
    ...attributes,
  });

/** Builds a customer without an account. */
export const aGuest = (knex: Knex, attributes: Row = {}) =>
  aCustomer(knex, { has_account: false, password_hash: null, ...attributes });

interface CustomerGroupAttributes extends Row {
  /** Ids. */
  readonly customers?: readonly string[];
}

/** Builds a customer group. */
export async function aCustomerGroup(
  knex: Knex,
  { customers = [], ...columns }: CustomerGroupAttributes = {},
): Promise<InsertedRow> {
  const group = await insert(knex, "customer_group", {
    id: newId("cgrp"),
    name: `Group ${nextNumber()}`,
    ...columns,
  });
  for (const customer_id of customers)
    await knex("customer_group_customers").insert({ customer_group_id: group.id, customer_id });
  return group;
}

/** Builds an address in Berlin. */
export const anAddress = (knex: Knex, attributes: Row = {}): Promise<InsertedRow> =>
  insert(knex, "address", {
    id: newId("addr"),
    city: "Berlin",
    postal_code: "10115",
    country_code: "de",
    ...attributes,
  });
