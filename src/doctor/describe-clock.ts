import { counted } from "../core/counted.ts";
import type { Finding } from "./finding.ts";

/** A question for the time, all in milliseconds since 1970. */
interface ClockReading {
  /** When it was sent, by the clock of this machine. */
  readonly sentAt: number;
  /** The time by the clock of the database. */
  readonly answer: number;
  /** When the answer arrived, by the clock of this machine. */
  readonly receivedAt: number;
}

/** Leases and the ends of price lists are compared with the database's clock. */
const MAX_SKEW_MS = 2_000;

/**
 * Returns a finding if the clocks of this machine and of the database differ by two seconds or
 * more. A slow answer alone says nothing.
 */
export function describeClock({ sentAt, answer, receivedAt }: ClockReading): Finding[] {
  const skew = Math.max(sentAt - answer, answer - receivedAt, 0);
  if (skew < MAX_SKEW_MS) return [];
  const seconds = counted(Math.round(skew / 1000), "second");
  return [
    {
      level: "problem",
      subject: "clock",
      message: `the clocks of this machine and of the database differ by ${seconds}`,
      action: "set both by NTP: sessions, price lists and payments depend on the time",
    },
  ];
}
