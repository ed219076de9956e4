import { randomBytes } from "node:crypto";
import knexOf, { type Knex } from "knex";

/** A database of the test's own on the server at TEST_DATABASE_URL, empty at first, gone with `drop`. */
export interface OwnDatabase {
  url: string;
  knex: Knex;
  /** One more pool on it, as another process would have. */
  connect: (size?: number) => Knex;
  drop: () => Promise<void>;
}

export async function openOwnDatabase(): Promise<OwnDatabase> {
  const server = process.env["TEST_DATABASE_URL"];
  if (!server) throw new Error("TEST_DATABASE_URL must name a server on which databases may be created");
  const name = `nettle_schema_${randomBytes(6).toString("hex")}`;
  await onServer(server, `create database ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const pools: Knex[] = [];
  const connect = (size = 4) => {
    const pool = knexOf({ client: "pg", connection: url, pool: { min: 0, max: size } });
    pools.push(pool);
    return pool;
  };
  const drop = async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
    await onServer(server, `drop database ${name} with (force)`);
  };
  return { url, knex: connect(), connect, drop };
}

async function onServer(url: string, sql: string): Promise<void> {
  const server = knexOf({ client: "pg", connection: url, pool: { min: 0, max: 1 } });
  try {
    await server.raw(sql);
  } finally {
    await server.destroy();
  }
}
