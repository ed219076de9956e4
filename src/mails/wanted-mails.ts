import type { Config } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import type { EventName } from "../events/subscribers.ts";
import type { Handlers } from "../events/subscriptions.ts";
import { isMailName, type MailName, mailNames } from "./mail-data.ts";

/** What a Medusa backend beside us mails by its plugins, since it hears of these events, too. */
const medusasMails: ReadonlySet<MailName> = new Set(["order.placed", "order.return_requested"]);

/**
 * Returns the mails that are sent: those of `MAILS`, or else all; beside a Medusa backend that
 * hears of our events all that its plugins do not send.
 * @throws StartupError if MAILS names what is no mail
 */
export function wantedMails({
  mail: { wanted },
  events: { forMedusa },
}: Pick<Config, "mail" | "events">): readonly MailName[] {
  if (!wanted) return mailNames.filter((name) => !(forMedusa && medusasMails.has(name)));
  if (wanted.length === 1 && wanted[0] === "all") return mailNames;
  if (wanted.length === 1 && wanted[0] === "none") return [];
  const unknown = wanted.find((name) => !isMailName(name));
  if (unknown !== undefined)
    throw new StartupError(
      `MAILS names "${unknown}", which is no mail. It is all, none, or some of ` +
        `${mailNames.join(", ")}, separated by commas.`,
    );
  return wanted.filter(isMailName);
}

/** Returns the handlers of the wanted mails alone. */
export function onlyWanted(handlers: Handlers, wanted: readonly MailName[]): Handlers {
  const names: readonly EventName[] = wanted;
  return Object.fromEntries(names.map((name) => [name, handlers[name]]));
}
