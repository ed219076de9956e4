type Entry = Readonly<Record<string, unknown>>;

/** What every entry has, or what its message says already. */
const NOT_SHOWN = new Set(["level", "time", "pid", "hostname", "msg", "event", "err"]);
const WARNING = 40;

/**
 * Returns an entry of the log as text for a reader: a request in one short line, anything else as
 * its message with its fields behind it. Lines of a message stay lines, so that the links of a mail
 * are whole.
 */
export function prettyMessage(entry: Entry): string {
  return entry["event"] === "request" ? requestMessage(entry) : otherMessage(entry);
}

function requestMessage({ method, status, path, route, ms, address, msg }: Entry): string {
  const from = address === undefined ? "" : `  from ${String(address)}`;
  const end = String(msg).includes("aborted") ? "  (aborted by the client)" : "";
  return `${[method, status, path ?? route].join(" ")}  ${String(ms)} ms${from}${end}`;
}

function otherMessage(entry: Entry): string {
  const isWarning = Number(entry["level"]) >= WARNING;
  const fields = Object.entries(entry)
    .filter(([name]) => !NOT_SHOWN.has(name) && (name !== "request" || isWarning))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const message = String(entry["msg"] ?? entry["event"] ?? "");
  const about = isWarning && fields.length > 0 ? `  ${fields.join(" ")}` : "";
  return message + about + errorText(entry["err"]);
}

function errorText(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const { stack, message } = error as { stack?: unknown; message?: unknown };
  const text = typeof stack === "string" ? stack : typeof message === "string" ? message : "";
  return text && `\n    ${text.replaceAll("\n", "\n    ")}`;
}
