import type { Knex } from "knex";
import { StartupError } from "../core/startup-error.ts";
import type { PlannedChange } from "./plan-kind.ts";
import type { ShopPlan } from "./plan-shop.ts";

const CHANGED_MEANWHILE =
  "Nothing was changed: the shop has changed since the plan was made. Run it again, and look at " +
  "the new plan.";

/** A row that was written. */
export type AppliedRow = Pick<PlannedChange, "noun" | "label" | "action"> & { readonly id: string };

interface Steps {
  planAgain(trx: Knex): Promise<ShopPlan>;
  /** Writes what the rows of the plan refer to. */
  prepare(trx: Knex): Promise<void>;
}

/**
 * Makes a plan again and carries it out, in one transaction, if it is still the plan that was
 * shown. Returns the written rows. Nobody else applies a file or migrates the database meanwhile.
 * Everything is rolled back if another program changes a row of the plan before the end.
 * @throws StartupError if the plan is another one now, or a row cannot be written
 */
export async function applyPlan(
  knex: Knex,
  shown: ShopPlan,
  { planAgain, prepare }: Steps,
): Promise<AppliedRow[]> {
  try {
    return await knex.transaction(
      async (trx) => {
        // The first read of a repeatable transaction fixes what it sees; LOCK reads nothing.
        await trx.raw("lock table nettle_migrations in share row exclusive mode");
        const plan = await planAgain(trx);
        if (fingerprintOf(plan) !== fingerprintOf(shown)) throw new StartupError(CHANGED_MEANWHILE);
        await prepare(trx);
        const rows: AppliedRow[] = [];
        for (const { noun, label, action, apply } of plan.changes) {
          const id = await apply(trx).catch((error: unknown) => {
            throw refusalOf(error, `${noun} ${label}`) ?? error;
          });
          rows.push({ noun, label, action, id });
        }
        return rows;
      },
      { isolationLevel: "repeatable read" },
    );
  } catch (error) {
    throw refusalOf(error, "") ?? error;
  }
}

function fingerprintOf({ changes, waiting, refusals }: ShopPlan): string {
  return JSON.stringify({ changes, waiting, refusals });
}

/** Returns what a person can do about an error of PostgreSQL, if it is that of a foreign write. */
function refusalOf(error: unknown, subject: string): StartupError | undefined {
  const { code, detail } = error as { code?: string; detail?: string };
  if (code === "40001" || code === "40P01") return new StartupError(CHANGED_MEANWHILE);
  if (code === "55P03")
    return new StartupError(
      "Nothing was changed: another program holds rows or tables of this shop. Run it again.",
    );
  if (code === "23505" && subject)
    return new StartupError(
      `Nothing was changed: the ${subject} cannot be written, since another row has its name or ` +
        `code, perhaps a deleted one. ${detail ?? ""}`.trim(),
    );
  return undefined;
}
