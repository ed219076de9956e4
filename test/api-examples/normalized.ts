/**
 * Returns a recording as text in which everything that differs from shop to shop has a name of its
 * own, in the order of its first use: ids (those of the demo shop's own rows stay), keys, tokens,
 * times, the duration of a search.
 */
export function normalized(recording: unknown): string {
  const names = new Map<string, string>();
  const named = (kind: string, value: string) => {
    const name = names.get(value) ?? `${kind} ${names.size + 1}`;
    names.set(value, name);
    return name;
  };
  return JSON.stringify(recording, null, 1)
    .replaceAll(/"([a-z]+)_(?!01HK153X)[0-9A-HJKMNP-TV-Z]{26}"/g, (id, kind) => named(kind, id))
    .replaceAll(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g, (key) => named("key", key))
    .replaceAll(/"eyJ[\w.-]+"/g, "token")
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, "time")
    .replaceAll(/"processingTimeMs": \d+/g, '"processingTimeMs": 0');
}
