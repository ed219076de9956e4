import type { Knex } from "knex";

/** A server that stages events. */
export type ServerName = "medusa" | "nettle";

/** The names of the events of a step, each with what its data has. */
export type PublishedEvents = Readonly<Record<string, unknown>>;

interface Staged {
  readonly name: string;
  readonly data: unknown;
}

/** Notes each event that is staged, and by which server: Medusa deletes what it has relayed. */
export async function noteStagedEvents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table staged_event (place serial, at_nettle boolean, name text, data jsonb);
    create function note_staged() returns trigger language plpgsql as $$ begin
      insert into staged_event (at_nettle, name, data)
        values (current_setting('application_name') = 'nettle', new.event_name, new.data);
      return null;
    end $$;
    create trigger note_staged after insert on staged_job for each row
      execute function note_staged();`);
}

/**
 * Runs a step and returns the events that its server has staged for it. An id in their data is
 * shown by its name in `ids`, or else by its prefix, since each server makes ids of its own.
 */
export async function eventsOf(
  knex: Knex,
  server: ServerName,
  step: () => Promise<unknown>,
  ids: ReadonlyMap<string, string> = new Map(),
): Promise<PublishedEvents> {
  const { max } = (await knex("staged_event").max("place").first()) as { max: number | null };
  await step();
  const staged: Staged[] = await knex("staged_event")
    .where("place", ">", max ?? 0)
    .where({ at_nettle: server === "nettle" })
    .orderBy("place");
  return Object.fromEntries(staged.map(({ name, data }) => [name, shapeOf(name, data, ids)]));
}

/** What docs/differences.md says that our events leave out. */
const isLeftOut = (event: string, key: string) =>
  key === "password_hash" || (event === "cart.updated" && key !== "id");

const IDS = new Set(["id", "return_id", "order_id", "payment_collection_id"]);

/** What Medusa's subscribers may read: an id, or the names of the columns. */
function shapeOf(event: string, data: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof data !== "object" || data === null) return typeof data;
  return Object.entries(data)
    .filter(([key]) => !isLeftOut(event, key))
    .map(([key, value]) => (IDS.has(key) ? `${key}: ${nameOf(value, ids)}` : key))
    .toSorted();
}

function nameOf(value: unknown, ids: ReadonlyMap<string, string>): string {
  if (typeof value !== "string") return String(value);
  return ids.get(value) ?? `another ${value.split("_")[0]}`;
}
