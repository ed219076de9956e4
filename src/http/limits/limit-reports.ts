import type { Log } from "../../runtime/log.ts";

/** Who is refused, and by which setting. */
export interface Limited {
  readonly address: string;
  readonly setting: LimitSetting;
  /** What the setting allows. */
  readonly limit: number;
  readonly request: string;
  /** The kind of attempt, if attempts are what is limited. */
  readonly attempt?: string;
}

/** The settings of limits, and what each of them counts. */
const COUNTED = {
  RATE_LIMIT_REQUESTS: "requests a minute",
  RATE_LIMIT_CATALOGUE: "catalogue reads a minute",
  RATE_LIMIT_ATTEMPTS: "attempts at one account, e-mail or cart from one address",
  RATE_LIMIT_ATTEMPTS_BY_ADDRESS: "attempts from one address",
  RATE_LIMIT_ATTEMPTS_BY_ACCOUNT: "attempts at one account, e-mail or cart",
} as const;

export type LimitSetting = keyof typeof COUNTED;

export type ReportLimited = (limited: Limited) => void;

const PAUSE_MS = 60_000;
/** So many lines a minute: a flood from many addresses shall not become a flood of lines. */
const MAX_REPORTS = 100;

/**
 * Returns the function that names who is refused in the log: once a minute for each address and
 * setting.
 */
export function limitReports(log: Log, now: () => number = Date.now): ReportLimited {
  const reported = new Set<string>();
  let beganAt = Number.NEGATIVE_INFINITY;
  return (limited) => {
    if (now() - beganAt >= PAUSE_MS) {
      reported.clear();
      beganAt = now();
    }
    const key = `${limited.setting} ${limited.attempt ?? ""} ${limited.address}`;
    if (reported.has(key) || reported.size > MAX_REPORTS) return;
    reported.add(key);
    if (reported.size <= MAX_REPORTS) report(log, limited);
    else
      log.warn(
        { event: "rate_limited" },
        "More addresses are refused by limits than are named here",
      );
  };
}

const ADVICE = " If it is the shop's own server, name it in RATE_LIMIT_TRUSTED.";

function report(log: Log, { address, setting, limit, request, attempt }: Limited): void {
  const about = { request, event: "rate_limited", address, setting, limit };
  const counted = COUNTED[setting] + (attempt ? ` in a quarter of an hour (${attempt})` : "");
  log.warn(
    { ...about, ...(attempt && { attempt }) },
    `${address} is refused (429): more than ${limit} ${counted}, by ${setting}.` +
      (attempt ? "" : ADVICE),
  );
}
