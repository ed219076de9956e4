import type { Transaction } from "../commands/transaction.ts";
import { newId } from "../database/new-id.ts";
import { query, sql } from "../database/sql.ts";

/**
 * Something that happened in the shop, by Medusa's name for it and with what Medusa tells of it.
 */
export interface ShopEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What Medusa tells of by a bare id, which its own subscribers rely on. */
const bareIdEvents = new Set(["cart.customer_updated"]);

/** Tells what happened: the event is kept with the change that it tells of, or neither is. */
export class Events {
  /** `forMedusa`: a Medusa backend on the same database hears of them, too. */
  constructor(readonly forMedusa: boolean) {}

  async publish(trx: Transaction, { name, data }: ShopEvent): Promise<void> {
    const content = JSON.stringify(data);
    await query(
      trx,
      sql`insert into nettle_outbox (id, name, data) values (${newId("event")}, ${name}, ${content})`,
    );
    if (!this.forMedusa) return;
    // Medusa takes its rows from there and deletes them; ours would be gone with them.
    const stagedData = bareIdEvents.has(name) ? JSON.stringify(data["id"]) : content;
    await query(
      trx,
      sql`insert into staged_job (id, event_name, data) values (${newId("job")}, ${name}, ${stagedData})`,
    );
  }
}
