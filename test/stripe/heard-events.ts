import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

interface HeardEvent {
  readonly id: string;
  readonly name: string;
  readonly data: { readonly id: string; readonly [more: string]: unknown };
}

/**
 * A subscriber of the shop's own that notes the events that it hears, for the processes of a file.
 * `settings` switches it on.
 */
export function heardEvents(names: readonly string[]): {
  readonly settings: Readonly<Record<string, string>>;
  /** Returns the data of the events that were heard about an order or a cart, each once. */
  about(id: string): { name: string; data: HeardEvent["data"] }[];
} {
  const folder = mkdtempSync(join(tmpdir(), "nettle-heard-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const [module, notes] = [join(folder, "heard.cjs"), join(folder, "heard.txt")];
  writeFileSync(
    module,
    `const note = (event) =>
      require("node:fs").appendFileSync(${JSON.stringify(notes)}, JSON.stringify(event) + "\\n");
    module.exports = Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, note]));`,
  );
  return {
    settings: { SUBSCRIBERS: module },
    about: (id) => {
      const lines = existsSync(notes) ? readFileSync(notes, "utf8").trim().split("\n") : [];
      const heard = lines.map((line) => JSON.parse(line) as HeardEvent);
      // An event comes at least once, always with the same id.
      const byId = new Map(heard.map((event) => [event.id, event]));
      return [...byId.values()]
        .filter(({ data }) => data.id === id)
        .map(({ name, data }) => ({ name, data }));
    },
  };
}
