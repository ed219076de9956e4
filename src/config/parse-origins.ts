/**
 * The origins that may read our answers, as `STORE_CORS` lists them: separated by commas, space
 * around them ignored, each an origin (`https://shop.example`), an origin with `*` for a part of
 * its host (`https://*.shop.example`) or a `/regular expression/`.
 * @throws Error in words that complete "STORE_CORS …"
 */
export function parseOrigins(list: string): (string | RegExp)[] {
  return split(list).map(parseOrigin);
}

/** Commas inside a regular expression do not separate. */
function split(list: string): string[] {
  const parts = list.match(/\s*\/(?:\\.|[^\\/])+\/[a-z]*\s*(?=,|$)|[^,]+/g) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean);
}

function parseOrigin(origin: string): string | RegExp {
  if (origin === "*")
    throw new Error(
      "cannot be *, since browsers refuse that with cookies: list the origins, or write /.*/ for every one",
    );
  const expression = /^\/(.+)\/([a-z]*)$/.exec(origin);
  if (expression) return compile(expression[1]!, expression[2]!);
  const plain = origin.replace(/\/$/, "");
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s?#]+$/i.test(plain)) {
    throw new Error(
      `names "${origin}", which is no origin: write it as https://shop.example, without a path`,
    );
  }
  if (!plain.includes("*")) return plain.toLowerCase();
  const pattern = plain.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  return compile(`^${pattern.join("[^./:]+")}$`, "i");
}

function compile(source: string, flags: string): RegExp {
  try {
    // A global or sticky expression remembers where it stopped and would refuse every second
    // request.
    return new RegExp(source, flags.replace(/[gy]/g, ""));
  } catch {
    throw new Error(`holds /${source}/, which is not a regular expression`);
  }
}
