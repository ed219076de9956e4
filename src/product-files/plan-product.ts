import { newId } from "../database/new-id.ts";
import { type Draft, differs, type ShopState } from "./plan-draft.ts";
import { planVariants } from "./plan-variants.ts";
import type { FieldValues, ProductInput, Refusal } from "./product-input.ts";
import type { Profile } from "./references.ts";
import type { StoredProduct } from "./stored-products.ts";
import { type LinkTable, Writes } from "./writes.ts";

/** What an import does to a product of the shop. */
export type Effect = "created" | "changed" | "unchanged";

/** What an import is going to do to a product. */
export interface Plan {
  readonly input: ProductInput;
  readonly effect: Effect;
  readonly productId: string;
  readonly writes: Writes;
  /** The ids of the rows to which the product refers; those that are staged must be written. */
  readonly used: ReadonlySet<string>;
}

const NEW_PRODUCT: FieldValues = { status: "draft", discountable: true, is_giftcard: false };

/** Returns what is to be written for a product of a file, or why it is refused. */
export function planProduct(
  input: ProductInput,
  state: ShopState,
): Plan | { readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = [];
  const byId = state.products.find(({ id }) => id === input.id);
  const byHandle = state.products.find(({ handle }) => handle === input.handle);
  const stored = byId ?? byHandle;
  const draft: Draft = {
    input,
    stored,
    state,
    productId: stored?.id ?? newId("prod"),
    writes: new Writes(),
    used: new Set(),
    refuse: (place, message) => void refusals.push({ place, handle: input.handle, message }),
  };
  if (byId && byHandle && byId !== byHandle)
    draft.refuse(input.place, `the product ${byHandle.id} has the handle, not ${byId.id}`);
  planRow(draft);
  planOptions(draft);
  planLinks(draft);
  planVariants(draft);
  if (refusals.length > 0) return { refusals };
  const { productId, writes, used } = draft;
  const effect = !stored ? "created" : writes.isEmpty ? "unchanged" : "changed";
  return { input, effect, productId, writes, used };
}

function planRow({ input, stored, productId, writes, refuse, ...draft }: Draft): void {
  const fields: FieldValues = {
    ...input.fields,
    handle: input.handle,
    ...idsOfWords({ input, stored, ...draft }),
  };
  if (!stored) {
    if (typeof fields["title"] !== "string") refuse(input.place, "a new product needs a title");
    writes.in("product").added.push({ ...NEW_PRODUCT, ...fields, id: productId });
  } else if (Object.entries(fields).some(([name, value]) => differs(stored.columns[name], value)))
    writes.in("product").changed.push({ ...stored.columns, ...fields, id: productId });
}

function idsOfWords({
  input: { collection, type },
  stored,
  state: { references },
  used,
}: Pick<Draft, "input" | "stored" | "state" | "used">): FieldValues {
  const ids: Record<string, string | null> = {};
  if (collection === null) ids["collection_id"] = null;
  else if (collection && !isSame(stored?.collection, collection))
    ids["collection_id"] = references.collection(collection);
  if (type === null) ids["type_id"] = null;
  else if (type !== undefined && stored?.type?.value !== type)
    ids["type_id"] = references.type(type);
  for (const id of Object.values(ids)) if (id) used.add(id);
  return ids;
}

/** The handle says which collection it is, or else the title. */
const isSame = (
  stored: StoredProduct["collection"] | undefined,
  { handle, title }: { readonly handle?: string; readonly title?: string },
) => (handle ? stored?.handle === handle : stored?.title === title);

function planOptions({ input, stored, productId, writes, refuse }: Draft): void {
  const titles = input.options ?? [];
  if (new Set(titles).size < titles.length) refuse(input.place, "two options have the same name");
  if (!stored) {
    for (const title of titles)
      writes.in("product_option").added.push({ id: newId("opt"), title, product_id: productId });
    return;
  }
  const known = stored.options.map(({ title }) => title);
  for (const title of titles.filter((each) => !known.includes(each)))
    refuse(
      input.place,
      `the product has no option "${title}" in the shop (it has ${known.join(", ") || "none"}), ` +
        "and options are added in Medusa's admin",
    );
}

function planLinks(draft: Draft): void {
  const { input, stored, state, refuse } = draft;
  const { references } = state;
  planImages(draft);
  const tags = input.tags?.map(
    (value) => stored?.tags.find((tag) => tag.value === value)?.id ?? references.tag(value),
  );
  replaceLinks(draft, "product_tags", stored?.tags, tags);
  const channels =
    input.channels?.map(({ id, name, ...rest }) => {
      const has = stored?.channels.find((c) => c.id === id || c.name === (name ?? id));
      return has?.id ?? references.channel({ ...rest, ...(id && { id }), ...(name && { name }) });
    }) ?? (stored ? undefined : [references.defaultChannelId].filter((id) => id !== null));
  replaceLinks(draft, "product_sales_channel", stored?.channels, channels);
  const categories = input.categories?.map((category) => references.category(category));
  const unknown = categories?.indexOf(undefined) ?? -1;
  if (unknown >= 0)
    refuse(input.place, `there is no category ${input.categories![unknown]!.id}; name its handle`);
  const found = categories?.filter((id) => id !== undefined);
  replaceLinks(draft, "product_category_product", stored?.categories, found);
  planProfile(draft);
}

/** Images from the first one on that differs are tied anew, since their order is their age. */
function planImages({ input: { images }, stored, productId, writes }: Draft): void {
  if (!images) return;
  const before = stored?.images ?? [];
  const same = before.findIndex(({ url }, index) => url !== images[index]);
  const kept = same < 0 ? before.length : same;
  for (const { id } of before.slice(kept))
    writes.links("product_images").removed.push({ productId, otherId: id });
  for (const url of images.slice(kept)) {
    const id = newId("img");
    writes.in("image").added.push({ id, url });
    writes.links("product_images").added.push({ productId, otherId: id });
  }
}

function replaceLinks(
  { productId, writes, used }: Draft,
  table: LinkTable,
  stored: readonly { readonly id: string }[] = [],
  wanted: readonly string[] | undefined,
): void {
  if (!wanted) return;
  const before = new Set(stored.map(({ id }) => id));
  const after = new Set(wanted);
  for (const id of after) {
    used.add(id);
    if (!before.has(id)) writes.links(table).added.push({ productId, otherId: id });
  }
  for (const id of before)
    if (!after.has(id)) writes.links(table).removed.push({ productId, otherId: id });
}

function planProfile(draft: Draft): void {
  const { input, stored, state, refuse } = draft;
  const { name } = input.profile ?? {};
  if (stored && (!input.profile || stored.profiles.some((each) => each.name === name))) return;
  const profile = profileFor(input, state.references.profiles);
  if (profile) replaceLinks(draft, "product_shipping_profile", stored?.profiles, [profile.id]);
  else refuse(input.place, `there is no shipping profile "${name ?? "of the default type"}"`);
}

/** A profile has the name, or else it is the one of the type. */
function profileFor({ profile, fields }: ProductInput, all: readonly Profile[]) {
  const type = profile?.type ?? (fields["is_giftcard"] === true ? "gift_card" : "default");
  const named = all.find(({ name }) => name === profile?.name);
  return named ?? all.find((each) => each.type === type && each.type !== "custom");
}
