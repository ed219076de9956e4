import type { NettleProgram, ServerProcess } from "../../start/build-program.ts";
import { secrets } from "../medusa-program.ts";
import type { BuiltShop, ShopPlace } from "./build-shop.ts";
import type { OwnRows } from "./own-rows.ts";
import type { RowSnapshot } from "./row-snapshot.ts";
import type { SchemaDump } from "./schema-dump.ts";
import type { ShopKind } from "./shop-kinds.ts";
import { type LoadFigures, withLoad } from "./shop-load.ts";
import { usersOf, type WrittenRows } from "./shop-users.ts";

/** A shop that is being taken over: what was there before, and what has come since. */
export interface Takeover {
  readonly kind: ShopKind;
  readonly place: ShopPlace;
  readonly nettle: NettleProgram;
  readonly medusa: BuiltShop;
  readonly rows: OwnRows;
  /** What the database was before. */
  readonly found: { readonly schema: SchemaDump; readonly rows: RowSnapshot };
  readonly written: WrittenRows;
  /** How many products, carts and orders `nettle compare` reads at most. */
  readonly sample: number;
}

/** Returns what Nettle is given of Medusa's configuration. */
export const settingsOf = ({ place }: Pick<Takeover, "place">): Record<string, string> => ({
  DATABASE_URL: place.databaseUrl,
  REDIS_URL: place.redisUrl,
  JWT_SECRET: secrets.jwt,
  COOKIE_SECRET: secrets.cookie,
  RATE_LIMIT: "off",
});

/** Starts Nettle on the shop. */
export const serve = (takeover: Takeover): Promise<ServerProcess> =>
  takeover.nettle.serve(settingsOf(takeover));

/**
 * Runs a command of Nettle and returns its output.
 * @throws Error another exit code than 0; the message has the whole output
 */
export async function run(takeover: Takeover, command: string): Promise<string> {
  const { code, out, error } = await takeover.nettle.run(command, settingsOf(takeover));
  if (code !== 0) throw new Error(`\`nettle ${command}\` ended with ${code}:\n${error}${out}`);
  return out;
}

/**
 * Lets the users of Medusa work while an action runs, and returns what they have noticed of it.
 * @throws Error a request failed; the message names the first ones
 */
export async function underLoad(
  { medusa, place, rows, written }: Takeover,
  action: () => Promise<unknown>,
): Promise<LoadFigures> {
  const users = usersOf({
    ...{ url: medusa.running.url, databaseUrl: place.databaseUrl },
    ...{ admin: medusa.admin, rows, written },
  });
  const figures = await withLoad(users, action);
  const { failures } = figures;
  if (failures.length > 0)
    throw new Error(
      `${failures.length} requests to Medusa failed:\n${failures.slice(0, 5).join("\n")}`,
    );
  return figures;
}

/** Returns what the users of Medusa have noticed, in words. */
export const inWords = ({ requests, longest, median }: LoadFigures): string =>
  `Medusa answered ${requests} requests, none failed; median ${Math.round(median)} ms, ` +
  `longest ${Math.round(longest)} ms`;
