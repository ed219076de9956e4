/**
 * Parses the origins of `STORE_CORS` that may read our answers. They are separated by commas, with
 * optional spaces; each is an origin (`https://shop.example`), an origin with `*` for a part of its
 * host (`https://*.shop.example`) or a `/regular expression/`.
 * @throws Error whose message completes the sentence "STORE_CORS …"
 */
export function parseOrigins(list: string): (string | RegExp)[] {
  return split(list).map(parseOrigin);
}

/** Splits at commas, but not inside a regular expression. */
function split(list: string): string[] {
  const parts = list.match(/\s*\/(?:\\.|[^\\/])+\/[a-z]*\s*(?=,|$)|[^,]+/g) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean);
}

function parseOrigin(origin: string): string | RegExp {
  if (origin === "*")
    throw new Error(
      "cannot be *, since browsers refuse that with cookies: list the origins, or use /.*/ for all",
    );
  const expression = /^\/(.+)\/([a-z]*)$/.exec(origin);
  if (expression) return compile(expression[1]!, expression[2]!);
  const plain = origin.replace(/\/$/, "");
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s?#]+$/i.test(plain)) {
    throw new Error(
      `names "${origin}", which is not an origin like https://shop.example, without a path`,
    );
  }
  if (!plain.includes("*")) return plain.toLowerCase();
  const pattern = plain.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return compile(`^${pattern.join("[^./:]+")}$`, "i");
}

function compile(source: string, flags: string): RegExp {
  try {
    // A global or sticky expression keeps its position and would refuse every second request.
    return new RegExp(source, flags.replace(/[gy]/g, ""));
  } catch {
    throw new Error(`contains /${source}/, which is not a regular expression`);
  }
}
