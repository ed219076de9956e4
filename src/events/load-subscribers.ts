import type { Knex } from "knex";
import { StartupError } from "../core/startup-error.ts";
import { prepareText, queryPrepared } from "../database/query-prepared.ts";
import type { Mailer } from "../providers/notification/mailer.ts";
import { resolveModule } from "../providers/resolve-module.ts";
import type { Log } from "../runtime/log.ts";
import { eventNames, isEventName } from "./event-names.ts";
import type { DeliveredEvent, EventName, SubscriberTools } from "./subscribers.ts";
import type { Handler, Subscriber } from "./subscriptions.ts";
import { withinTime } from "./within-time.ts";

/** What subscribers are given, and for how long they may work. */
interface SubscriberDeps {
  readonly knex: Knex;
  /** Undefined sends no mails. */
  readonly mailer: Mailer | undefined;
  readonly log: Log;
  /** The time of one try. */
  readonly seconds: number;
}

type ShopHandler = (event: DeliveredEvent, tools: SubscriberTools) => unknown;

/**
 * Loads the subscribers of the modules with these names: files or packages, resolved from a
 * directory. Each module is a subscriber of its own.
 * @throws StartupError if a module cannot be loaded, or its default export is not as it must be
 */
export async function loadSubscribers(
  names: readonly string[],
  deps: SubscriberDeps,
  directory = process.cwd(),
): Promise<Subscriber[]> {
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated) throw new StartupError(`SUBSCRIBERS names ${repeated} twice.`);
  const subscribers: Subscriber[] = [];
  for (const name of names) {
    const handlers = handlersIn(await importDefault(name, directory), name);
    subscribers.push({
      id: name,
      handlers: new Map(
        [...handlers].map(([event, handler]) => [event, withTools(name, handler, deps)]),
      ),
    });
  }
  return subscribers;
}

async function importDefault(name: string, directory: string): Promise<unknown> {
  const address = resolveModule(name, directory);
  if (!address)
    throw new StartupError(`SUBSCRIBERS names ${name}, which cannot be found from ${directory}.`);
  try {
    const module = await import(/* @vite-ignore */ address);
    // What a CommonJS module compiled from TypeScript exports by default is one level deeper.
    return module.default?.__esModule ? module.default.default : module.default;
  } catch (error) {
    throw new StartupError(
      `SUBSCRIBERS names ${name}, which cannot be loaded: ${(error as Error)?.message ?? error}`,
    );
  }
}

function handlersIn(exported: unknown, name: string): Map<EventName, ShopHandler> {
  if (typeof exported !== "object" || exported === null || Array.isArray(exported))
    throw new StartupError(
      `SUBSCRIBERS names ${name}, whose default export must be an object such as ` +
        `{ "order.placed": async (event, tools) => { … } }.`,
    );
  const handlers = new Map<EventName, ShopHandler>();
  for (const [event, handler] of Object.entries(exported)) {
    if (!isEventName(event))
      throw new StartupError(
        `The subscriber ${name} listens to "${event}", which this server does not publish. ` +
          `Its events are ${eventNames.join(", ")}.`,
      );
    if (typeof handler !== "function")
      throw new StartupError(`What the subscriber ${name} has for "${event}" is not a function.`);
    handlers.set(event, handler);
  }
  if (handlers.size === 0)
    throw new StartupError(`SUBSCRIBERS names ${name}, which listens to no event.`);
  return handlers;
}

function withTools(name: string, handler: ShopHandler, deps: SubscriberDeps): Handler {
  const { knex, mailer, seconds } = deps;
  const log = deps.log.child({ subscriber: name });
  const query: SubscriberTools["query"] = (statement, values = []) =>
    queryPrepared(knex, prepareText(statement), values);
  const sendMail: SubscriberTools["sendMail"] = async (mail) => {
    if (!mailer) throw new Error("SMTP_URL is not set: mails cannot be sent");
    await mailer.send(mail);
  };
  return (event) =>
    withinTime(seconds, async (signal) => {
      await handler(event, { query, sendMail, log, signal });
    });
}
