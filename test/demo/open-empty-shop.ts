import { randomBytes } from "node:crypto";
import knexOf, { type Knex } from "knex";

/** A migrated database without a shop in it, of the test's own. */
export interface EmptyShop {
  url: string;
  knex: Knex;
  close: () => Promise<void>;
}

/** Copies the migrated, empty database named by TEST_TEMPLATE_DATABASE on the server at TEST_DATABASE_URL. */
export async function openEmptyShop(): Promise<EmptyShop> {
  const server = process.env["TEST_DATABASE_URL"] ?? "postgres://root@127.0.0.1:5432/postgres";
  const template = process.env["TEST_TEMPLATE_DATABASE"] ?? "demo_template";
  const name = `demo_test_${randomBytes(6).toString("hex")}`;
  await onServer(server, `create database ${name} template ${template}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const knex = knexOf({ client: "pg", connection: url, pool: { min: 0, max: 4 } });
  const close = async () => {
    await knex.destroy();
    await onServer(server, `drop database ${name} with (force)`);
  };
  return { url, knex, close };
}

async function onServer(url: string, sql: string): Promise<void> {
  const server = knexOf({ client: "pg", connection: url, pool: { min: 0, max: 1 } });
  try {
    await server.raw(sql);
  } finally {
    await server.destroy();
  }
}
