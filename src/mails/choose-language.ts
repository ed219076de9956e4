/**
 * Returns the first language, of those that a buyer may have and then the shop's own, that is
 * offered: the exact tag, or the same with less (`de-AT`, then `de`). What is no language tag is
 * skipped. Returns undefined if none is offered.
 */
export function chooseLanguage(
  wanted: readonly unknown[],
  offered: ReadonlySet<string>,
): string | undefined {
  for (const tag of wanted) {
    const found = withShorterTags(tag).find((shorter) => offered.has(shorter));
    if (found) return found;
  }
  return undefined;
}

/** Returns a tag in its usual form, then with one part less each: `zh-Hant-TW`, `zh-Hant`, `zh`. */
export function withShorterTags(tag: unknown): string[] {
  const parts = canonical(tag)?.split("-") ?? [];
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("-"));
}

/** Longer than any tag in use. */
const MAX_LENGTH = 40;

function canonical(tag: unknown): string | undefined {
  if (typeof tag !== "string" || tag.length > MAX_LENGTH) return undefined;
  try {
    // Storefronts write de_AT, too.
    return Intl.getCanonicalLocales(tag.trim().replaceAll("_", "-"))[0];
  } catch {
    return undefined;
  }
}
