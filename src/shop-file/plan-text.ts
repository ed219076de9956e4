import type { FieldChange } from "./changes.ts";
import type { KindPlan, PlannedChange } from "./plan-kind.ts";
import type { ShopPlan } from "./plan-shop.ts";

/** How many elements of a list, or names of what is left alone, are shown. */
const SHOWN = 10;

/** Returns a plan as lines for a person. */
export function planText({ changes, waiting, leftAlone }: ShopPlan): string {
  return [
    ...changes.map(lineOf),
    ...(changes.length === 0 ? ["The shop is as the file says."] : []),
    ...waiting.map(
      ({ noun, label, missing }) => `! ${noun} ${label}: waits for ${shortened(missing)}`,
    ),
    ...(leftAlone.length > 0 ? ["", "Left alone, since the file does not name them:"] : []),
    ...leftAlone.map(
      ({ noun, labels }: KindPlan["leftAlone"]) => `  ${noun}: ${shortened(labels)}`,
    ),
  ].join("\n");
}

/** Returns a plan as data, for `--json`, with the ids of the rows if it was applied. */
export function planData(
  { changes, waiting, leftAlone }: ShopPlan,
  applied: readonly { readonly id: string }[],
) {
  return {
    changes: changes.map(({ action, noun, label, changes: keys }, index) => ({
      ...{ action, kind: noun, name: label, id: applied[index]?.id, keys },
    })),
    waiting: waiting.map(({ noun, label, missing }) => ({ kind: noun, name: label, missing })),
    left_alone: leftAlone.map(({ noun, labels }) => ({ kind: noun, names: labels })),
  };
}

function lineOf({ action, noun, label, changes }: PlannedChange): string {
  const isNew = action === "create";
  const words = changes.map((change) => (isNew ? newValueOf(change) : differenceOf(change)));
  const title = `${isNew ? "+" : "~"} ${noun}${label && ` ${label}`}`;
  return words.length > 0 ? `${title}: ${words.join(", ")}` : title;
}

function newValueOf(change: FieldChange): string {
  if ("added" in change) return `${change.key} [${shortened(change.added)}]`;
  return `${change.key} ${shown(change.after)}`;
}

function differenceOf(change: FieldChange): string {
  if ("before" in change) return `${change.key} ${shown(change.before)} → ${shown(change.after)}`;
  const [added, removed] = [shortened(change.added), shortened(change.removed)];
  return [change.key, ...(added ? [`+ ${added}`] : []), ...(removed ? [`- ${removed}`] : [])].join(
    " ",
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "none";
  return typeof value === "object" ? JSON.stringify(value) : printable(String(value));
}

function shortened(list: readonly string[]): string {
  const more = list.length - SHOWN;
  return [...list.slice(0, SHOWN).map(printable), ...(more > 0 ? [`and ${more} more`] : [])].join(
    ", ",
  );
}

/** A name comes from the database or a file, so it may not control the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ");
}
