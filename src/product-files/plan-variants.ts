import { newId } from "../database/new-id.ts";
import { type Draft, differs } from "./plan-draft.ts";
import { planPrices } from "./plan-prices.ts";
import { uniqueNumbers } from "./product-fields.ts";
import type { FieldValues, VariantInput } from "./product-input.ts";
import type { StoredVariant } from "./stored-products.ts";

const NEW_VARIANT: FieldValues = {
  inventory_quantity: 0,
  allow_backorder: false,
  manage_inventory: true,
};

/** Plans the variants of a product: their rows, option values and prices. */
export function planVariants(draft: Draft): void {
  const { input, stored, refuse } = draft;
  const matches = new Map<string, VariantInput>();
  const optionIds = optionIdsOf(draft);
  const combinations = new Map(
    stored?.variants.map((each) => [each.id, storedTitles(draft, each)]),
  );
  let rank = stored?.variants.length ?? 0;
  for (const variant of input.variants) {
    const match = matchOf(draft, variant);
    const before = match && matches.get(match.id);
    if (before) refuse(variant.place, `this is the same variant as ${before.place}`);
    if (match) matches.set(match.id, variant);
    mustOwnNumbers(draft, variant, match);
    const id = match?.id ?? newId("variant");
    planRow(draft, variant, { id, match, rank });
    if (!match) rank += 1;
    planValues(draft, variant, { id, match, optionIds });
    combinations.set(id, { ...combinations.get(id), ...variant.options });
    planPrices(draft, variant, { id, prices: match?.prices ?? [] });
  }
  mustDiffer(draft, [...optionIds.keys()], [...combinations.values()]);
  mustNotRepeatNumbers(draft);
}

/** The id of each option by its title, of those that are stored and those that are planned. */
function optionIdsOf({ stored, writes }: Draft): Map<string, string> {
  const added = writes.in("product_option").added.map(({ id, title }) => [String(title), id]);
  const known = (stored?.options ?? []).map(({ id, title }) => [title, id]);
  return new Map([...known, ...added] as [string, string][]);
}

function storedTitles({ stored }: Draft, { options }: StoredVariant): Record<string, string> {
  return Object.fromEntries(
    options.map(({ option_id, value }) => [
      stored?.options.find(({ id }) => id === option_id)?.title ?? option_id,
      value,
    ]),
  );
}

/** A variant has the id, or else the SKU, or else the same options; without options, the title. */
function matchOf(draft: Draft, { id, fields, options }: VariantInput): StoredVariant | undefined {
  const variants = draft.stored?.variants ?? [];
  const bySku = variants.find(({ columns }) => fields["sku"] && columns["sku"] === fields["sku"]);
  const known = variants.find((each) => each.id === id) ?? bySku;
  if (known) return known;
  const entries = Object.entries(options);
  // Some of the options could be those of several variants.
  if (entries.length < (draft.stored?.options.length ?? 0)) return undefined;
  return variants.find((variant) => {
    const has = storedTitles(draft, variant);
    return entries.length > 0
      ? entries.every(([title, value]) => has[title] === value)
      : variant.columns["title"] === fields["title"];
  });
}

/** Refuses an id or a number that another variant has. */
function mustOwnNumbers(draft: Draft, variant: VariantInput, match?: StoredVariant): void {
  const { state, productId, refuse } = draft;
  const others = state.owners.filter(({ id }) => id !== match?.id);
  const elsewhere = others.find(
    ({ id, product_id }) => id === variant.id && product_id !== productId,
  );
  if (elsewhere)
    refuse(
      variant.place,
      `the variant ${variant.id} belongs to the product "${elsewhere.handle}", and is not moved`,
    );
  for (const [column, word] of Object.entries(uniqueNumbers)) {
    const number = variant.fields[column];
    const owner = number && others.find((each) => Reflect.get(each, column) === number);
    if (!owner) continue;
    const whose = owner.product_id === productId ? "another variant" : `"${owner.handle}"`;
    refuse(variant.place, `${word} "${number}" belongs to ${whose} in the shop`);
  }
}

function mustNotRepeatNumbers({ input, refuse }: Draft): void {
  for (const [column, word] of Object.entries(uniqueNumbers)) {
    const seen = new Map<unknown, string>();
    for (const { place, fields } of input.variants) {
      const number = fields[column];
      if (!number) continue;
      const before = seen.get(number);
      if (before) refuse(place, `${word} "${number}" is there twice, first at ${before}`);
      else seen.set(number, place);
    }
  }
}

interface Target {
  readonly id: string;
  readonly match: StoredVariant | undefined;
}

function planRow(
  { productId, writes, refuse }: Draft,
  { fields, place }: VariantInput,
  { id, match, rank }: Target & { readonly rank: number },
): void {
  const rows = writes.in("product_variant");
  if (!match) {
    if (typeof fields["title"] !== "string") refuse(place, "a new variant needs a title");
    rows.added.push({ ...NEW_VARIANT, variant_rank: rank, ...fields, product_id: productId, id });
  } else if (Object.entries(fields).some(([name, value]) => differs(match.columns[name], value)))
    rows.changed.push({ ...match.columns, ...fields, id });
}

function planValues(
  { writes, refuse }: Draft,
  { options, place }: VariantInput,
  { id, match, optionIds }: Target & { readonly optionIds: ReadonlyMap<string, string> },
): void {
  const rows = writes.in("product_option_value");
  for (const [title, value] of Object.entries(options)) {
    const optionId = optionIds.get(title);
    const before = match?.options.find(({ option_id }) => option_id === optionId);
    if (!optionId) refuse(place, `the product has no option "${title}"`);
    else if (!before)
      rows.added.push({ id: newId("optval"), value, option_id: optionId, variant_id: id });
    else if (before.value !== value) rows.changed.push({ ...before, value });
  }
  if (match) return;
  for (const title of optionIds.keys())
    if (!(title in options)) refuse(place, `the variant has no value of the option "${title}"`);
}

/** Variants with the same options could not be told apart in the shop. */
function mustDiffer(
  { input, refuse }: Draft,
  titles: readonly string[],
  combinations: readonly Readonly<Record<string, string>>[],
): void {
  if (titles.length === 0) return;
  const keys = combinations.map((options) => JSON.stringify(titles.map((title) => options[title])));
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (!twice) return;
  const same = input.variants.filter(
    ({ options }) => JSON.stringify(titles.map((title) => options[title])) === twice,
  );
  const values = (JSON.parse(twice) as string[]).join(" / ");
  refuse(same.at(-1)?.place ?? input.place, `two variants have the options ${values}`);
}
