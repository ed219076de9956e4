/**
 * Returns data for templates: every text is one line without control characters, so that what
 * a customer wrote cannot look like a paragraph of the shop's.
 */
export function plainData(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainData);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainData(each)]));
}
