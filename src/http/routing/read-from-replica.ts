import { isUnreachable } from "../../database/database-errors.ts";
import { type Replica, ReplicaLostError } from "../../database/replica.ts";
import type { Route } from "./route.ts";

type Request = Parameters<Route["handler"]>[0];

/**
 * Returns routes whose catalogue reads are answered from a replica while that is usable. What
 * depends on a cart or a customer is read from the primary: it may be younger than what the replica
 * has. So is what is kept in memory, since a change is notified before the replica has it, and
 * everything that the replica fails to answer.
 * @param onPrimary all routes; those that are no catalogue reads stay as they are
 * @param onReplica the same routes in the same order, reading from the replica
 */
export function readFromReplica(
  replica: Replica,
  onPrimary: readonly Route[],
  onReplica: readonly Route[],
): Route[] {
  return onPrimary.map((route, index) => {
    const other = onReplica[index];
    if (!route.catalogue || !other) return route;
    const handler = (request: Request) =>
      replica.isUsable && isAnyones(request)
        ? answerFrom(
            replica,
            () => other.handler(request),
            () => route.handler(request),
          )
        : route.handler(request);
    return { ...route, handler };
  });
}

function isAnyones({ ctx, query }: Request): boolean {
  const isOnesOwn =
    ctx.customerId !== undefined || Reflect.get(query ?? {}, "cart_id") !== undefined;
  return !isOnesOwn && !ctx.isForMemory;
}

/** What a replica refuses that the primary may answer, as SQLSTATE. */
const ONLY_HERE = new Set([
  // A conflict with what it applies.
  "40001",
  "40P01",
  // Tables and columns that a migration has just added.
  "42P01",
  "42703",
]);

async function answerFrom(
  replica: Replica,
  fromReplica: () => unknown,
  fromPrimary: () => unknown,
): Promise<unknown> {
  try {
    return await replica.whileUsable(fromReplica);
  } catch (error) {
    const isGone = isUnreachable(error);
    if (isGone) replica.setAside("it cannot be reached");
    if (isGone || error instanceof ReplicaLostError || ONLY_HERE.has(codeOf(error)))
      return fromPrimary();
    throw error;
  }
}

function codeOf(error: unknown): string {
  return String(Reflect.get(Object(error), "code"));
}
