/**
 * Returns a URL with its placeholders (`{token}`, `{email}` …) replaced by URL-encoded values.
 * Unknown placeholders stay.
 */
export function filledUrl(url: string, values: Readonly<Record<string, string>>): string {
  return url.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    name in values ? encodeURIComponent(values[name]!) : placeholder,
  );
}
