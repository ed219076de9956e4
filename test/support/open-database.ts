import { randomBytes } from "node:crypto";
import type { Knex } from "knex";
import { inject } from "vitest";
import { connect, executeOnServer, urlOf } from "./database-server.ts";

/** The database of one test file. */
export interface TestDatabase {
  readonly url: string;
  readonly knex: Knex;
  /** Opens one more pool, as another process would. `drop` closes it. */
  connect(poolSize?: number): Knex;
  drop(): Promise<void>;
}

/**
 * Creates a migrated database with only the base rows, an `empty` one, or a copy of another one, to
 * which nobody may be connected. Takes some tens of milliseconds.
 */
export async function openDatabase(
  kind: "migrated" | "empty" | { readonly copyOf: TestDatabase } = "migrated",
): Promise<TestDatabase> {
  const server = inject("databaseServer");
  const name = `nettle_test_${randomBytes(6).toString("hex")}`;
  const template = typeof kind === "object" ? nameOf(kind.copyOf) : inject("template");
  await executeOnServer(
    server,
    kind === "empty" ? `create database ${name}` : `create database ${name} template ${template}`,
  );
  const url = urlOf(server, name);
  const pools: Knex[] = [];
  const open = (poolSize?: number) => {
    const pool = connect(url, poolSize);
    pools.push(pool);
    return pool;
  };
  return {
    url,
    knex: open(),
    connect: open,
    drop: async () => {
      await Promise.all(pools.map((pool) => pool.destroy()));
      await executeOnServer(server, `drop database ${name} with (force)`);
    },
  };
}

const nameOf = ({ url }: TestDatabase) => new URL(url).pathname.slice(1);
