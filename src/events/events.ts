import type { Transaction } from "../commands/transaction.ts";
import { newId } from "../database/new-id.ts";
import { execute, sql } from "../database/sql.ts";
import { currentRequestId } from "../runtime/current-request.ts";
import { aggregateOf } from "./aggregate-of.ts";
import type { EventName } from "./subscribers.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** An event of the shop, with Medusa's name and data. */
export interface ShopEvent {
  readonly name: EventName;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Events for which Medusa's own subscribers expect the id alone as data. */
const bareIdEvents: ReadonlySet<EventName> = new Set(["cart.customer_updated"]);

/** Publishes events through the outbox, in the transaction of the change that they report. */
export class Events {
  /**
   * @param subscriptions who hears of events in this shop
   * @param forMedusa whether a Medusa backend on the same database receives the events, too
   */
  constructor(
    private readonly subscriptions: Pick<Subscriptions, "idsFor">,
    readonly forMedusa: boolean,
  ) {}

  /** Returns whether anybody hears of the events with a name. Others are not written. */
  isHeard(name: EventName): boolean {
    return this.forMedusa || this.subscriptions.idsFor(name).length > 0;
  }

  /** Writes an event to the outbox. It is delivered only if the transaction commits. */
  publish(trx: Transaction, event: ShopEvent): void {
    this.publishAll(trx, [event]);
  }

  /** Writes events to the outbox, by one statement however many there are, which is sent ahead. */
  publishAll(trx: Transaction, events: readonly ShopEvent[]): void {
    this.#addDeliveries(trx, events);
    if (!this.forMedusa || events.length === 0) return;
    // Medusa deletes the rows of staged_job that it relays, so our outbox cannot share that table.
    execute(
      trx,
      sql`insert into staged_job (id, event_name, data)
        select id, name, data::jsonb from unnest(${events.map(() => newId("job"))}::text[],
          ${events.map(({ name }) => name)}::text[], ${events.map(stagedData)}::text[])
          as event (id, name, data)`,
    );
  }

  /** Writes a delivery to each subscriber, so that one that fails holds up no other. */
  #addDeliveries(trx: Transaction, events: readonly ShopEvent[]): void {
    const deliveries = events.flatMap((event) => {
      const [id, aggregate] = [newId("evt"), aggregateOf(event)];
      const { name, data } = event;
      return this.subscriptions
        .idsFor(name)
        .map((subscriber) => ({ id, subscriber, name, aggregate, data: JSON.stringify(data) }));
    });
    if (deliveries.length === 0) return;
    execute(
      trx,
      sql`insert into nettle_delivery (event_id, subscriber, name, aggregate, data, request_id)
        select id, subscriber, name, aggregate, data::jsonb, ${currentRequestId() ?? null}
        from unnest(${deliveries.map(({ id }) => id)}::text[],
          ${deliveries.map(({ subscriber }) => subscriber)}::text[],
          ${deliveries.map(({ name }) => name)}::text[],
          ${deliveries.map(({ aggregate }) => aggregate)}::text[],
          ${deliveries.map(({ data }) => data)}::text[])
          with ordinality as delivery (id, subscriber, name, aggregate, data, place)
        order by place`,
    );
  }
}

function stagedData({ name, data }: ShopEvent): string {
  return JSON.stringify(bareIdEvents.has(name) ? data["id"] : data);
}
