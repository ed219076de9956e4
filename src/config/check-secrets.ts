import type { Settings } from "./settings.ts";

/** Medusa's defaults are public, so anybody could sign with them. */
const KNOWN_SECRETS = new Set(["supersecret", "something"]);

/** A shorter secret can be found by trying. */
const MIN_LENGTH = 8;
const RECOMMENDED_LENGTH = 16;
/** Fewer different characters are a pattern, not a random text. */
const RECOMMENDED_CHARACTERS = 6;

type Name = "JWT_SECRET" | "COOKIE_SECRET";
const names: readonly Name[] = ["JWT_SECRET", "COOKIE_SECRET"];

/** The settings as text, before they are read. */
type Values = Readonly<Record<string, string | undefined>>;

/**
 * Returns what is wrong with the secrets. They may be missing without a DATABASE_URL, since the
 * demo shop generates its own.
 */
export function secretMistakes(values: Values): string[] {
  return names.flatMap((name) => {
    if (!values[name] && values["DATABASE_URL"])
      return [
        `${name} is missing: set a long random text, or Medusa's own to keep its logins valid`,
      ];
    const previous = `${name}_PREVIOUS`;
    const former = values[previous]?.split(",").filter((one) => one.trim()) ?? [];
    return [
      ...mistakesIn(name, values[name]),
      ...former.flatMap((one) => mistakesIn(previous, one)),
    ];
  });
}

function mistakesIn(name: string, secret: string | undefined): string[] {
  if (secret === undefined) return [];
  const plain = secret.trim();
  if (KNOWN_SECRETS.has(plain.toLowerCase()))
    return [`${name} is a default that everybody knows: set a long random text`];
  return plain.length < MIN_LENGTH
    ? [`${name} is shorter than ${MIN_LENGTH} characters: set a long random text`]
    : [];
}

/**
 * Returns a sentence for each secret that is weak. They are accepted, since sessions and tokens
 * that Medusa signed with them stay valid.
 */
export function secretWarnings(values: Settings): string[] {
  return names.flatMap((name) => {
    const secrets = [values[name] ?? [], values[`${name}_PREVIOUS`]].flat();
    return secrets.some(isWeak)
      ? [
          `${name} is weak: whoever finds it out can log in as any customer. Set a random text ` +
            `of ${RECOMMENDED_LENGTH} characters or more, and move the former one to ` +
            `${name}_PREVIOUS until its logins have ended`,
        ]
      : [];
  });
}

function isWeak(secret: string): boolean {
  const plain = secret.trim();
  return plain.length < RECOMMENDED_LENGTH || new Set(plain).size < RECOMMENDED_CHARACTERS;
}
