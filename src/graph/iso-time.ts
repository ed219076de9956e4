/**
 * Converts a timestamp from the form of PostgreSQL's `json` (microseconds without trailing zeros,
 * an offset) to that of JavaScript: `YYYY-MM-DDTHH:mm:ss.sssZ`. Truncates microseconds, as a
 * JavaScript date does.
 */
export function isoTime(printed: string): string {
  if (!printed.endsWith("+00:00") || printed.charCodeAt(10) !== T)
    return new Date(printed).toISOString();
  const fraction = printed.slice(20, -6);
  const millis = fraction.length >= 3 ? fraction.slice(0, 3) : fraction.padEnd(3, "0");
  return `${printed.slice(0, 19)}.${millis}Z`;
}

const T = 84;
