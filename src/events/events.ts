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
  async publish(trx: Transaction, { name, data }: ShopEvent): Promise<void> {
    const content = JSON.stringify(data);
    await query(
      trx,
      sql`insert into nettle_outbox (id, name, data)
        values (${newId("event")}, ${name}, ${content})`,
    );
    if (!this.forMedusa) return;
    // Medusa deletes the rows of staged_job that it relays, so our outbox cannot share that table.
    const stagedData = bareIdEvents.has(name) ? JSON.stringify(data["id"]) : content;
    await query(
      trx,
      sql`insert into staged_job (id, event_name, data)
        values (${newId("job")}, ${name}, ${stagedData})`,
    );
  }
}
