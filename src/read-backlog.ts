import type { Knex } from "knex";
import { countReleases } from "./domains/payments/attempts/count-releases.ts";
import { countDeliveries } from "./events/count-deliveries.ts";
import type { Backlog } from "./http/server/watch-operation.ts";

/** Reads what waits in the database to be done: for the metrics of an operator. */
export async function readBacklog(knex: Knex): Promise<readonly Backlog[]> {
  const [deliveries, releases] = await Promise.all([countDeliveries(knex), countReleases(knex)]);
  return [
    { queue: "events", count: deliveries.waiting, oldestSeconds: deliveries.waiting_seconds },
    { queue: "dead_letters", count: deliveries.dead, oldestSeconds: deliveries.dead_seconds },
    { queue: "payment_releases", count: releases.waiting, oldestSeconds: releases.seconds },
  ];
}
