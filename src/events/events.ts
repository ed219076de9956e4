import type { Transaction } from "../commands/transaction.ts";
import { newId } from "../database/new-id.ts";
import { query, sql } from "../database/sql.ts";

/** An event of the shop, with Medusa's name and data. */
export interface ShopEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Events for which Medusa's own subscribers expect the id alone as data. */
const bareIdEvents = new Set(["cart.customer_updated"]);

/** Publishes events through the outbox, in the transaction of the change that they report. */
export class Events {
  /** `forMedusa` says whether a Medusa backend on the same database receives the events, too. */
  constructor(readonly forMedusa: boolean) {}

  /** Writes an event to the outbox. It is delivered only if the transaction commits. */
  publish(trx: Transaction, event: ShopEvent): Promise<void> {
    return this.publishAll(trx, [event]);
  }

  /** Writes events to the outbox, by one statement however many there are. */
  async publishAll(trx: Transaction, events: readonly ShopEvent[]): Promise<void> {
    if (events.length === 0) return;
    const names = events.map(({ name }) => name);
    await query(
      trx,
      sql`insert into nettle_outbox (id, name, data)
        select id, name, data::jsonb from unnest(${events.map(() => newId("event"))}::text[],
          ${names}::text[], ${events.map(({ data }) => JSON.stringify(data))}::text[])
          as event (id, name, data)`,
    );
    if (!this.forMedusa) return;
    // Medusa deletes the rows of staged_job that it relays, so our outbox cannot share that table.
    await query(
      trx,
      sql`insert into staged_job (id, event_name, data)
        select id, name, data::jsonb from unnest(${events.map(() => newId("job"))}::text[],
          ${names}::text[], ${events.map(stagedData)}::text[]) as event (id, name, data)`,
    );
  }
}

function stagedData({ name, data }: ShopEvent): string {
  return JSON.stringify(bareIdEvents.has(name) ? data["id"] : data);
}
