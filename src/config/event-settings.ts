import type { z } from "zod";
import { commaList, flag, isNetwork, wholeNumber } from "./readers.ts";

/** The settings of events, of subscribers and of webhooks. */
export const eventSettings = {
  EVENTS_FOR_MEDUSA: flag.prefault("off"),
  SUBSCRIBERS: commaList.prefault(""),
  SUBSCRIBER_SECONDS: wholeNumber(1, 3600).prefault("60"),
  EVENT_RETRY_HOURS: wholeNumber(1, 720).prefault("24"),
  DEAD_LETTER_DAYS: wholeNumber(1, 3650).prefault("30"),
  DEAD_LETTERS: wholeNumber(0, 10_000_000).prefault("10000"),
  WEBHOOK_SECONDS: wholeNumber(1, 60).prefault("10"),
  WEBHOOK_NETWORKS: commaList
    .refine(
      (networks) => networks.every(isNetwork),
      "must be IP addresses and networks like 10.0.0.0/8, separated by commas",
    )
    .prefault(""),
};

type Given = {
  readonly [Name in keyof typeof eventSettings]: z.output<(typeof eventSettings)[Name]>;
};

/** Arranges them by subject. */
export function arrangeEvents(given: Given) {
  return {
    forMedusa: given.EVENTS_FOR_MEDUSA,
    /** Files and packages that export subscribers. */
    modules: given.SUBSCRIBERS,
    /** How long a subscriber of a module may take for one event. */
    subscriberSeconds: given.SUBSCRIBER_SECONDS,
    /** How long a delivery is tried before it becomes a dead letter. */
    retryHours: given.EVENT_RETRY_HOURS,
    deadLetters: { days: given.DEAD_LETTER_DAYS, count: given.DEAD_LETTERS },
    webhooks: {
      /** How long one may take to answer, in all. */
      seconds: given.WEBHOOK_SECONDS,
      /** Private networks that webhooks may be in. */
      networks: given.WEBHOOK_NETWORKS,
    },
  };
}
