import type { Knex } from "knex";
import { newId } from "../database/new-id.ts";
import { query, sql } from "../database/sql.ts";
import type { NamedInput, ProductInput } from "./product-input.ts";

/** A kind of rows that products refer to, and that an import creates where they are missing. */
export type ReferenceKind = "collection" | "type" | "tag" | "channel" | "category";

/** A row that an import creates. */
export interface NewReference {
  readonly kind: ReferenceKind;
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly columns: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Region {
  readonly id: string;
  readonly name: string;
  readonly currency_code: string;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

interface Named {
  readonly id: string;
  readonly key: string;
  readonly name: string | null;
}

/** What the shop has for products to refer to. */
export interface KnownReferences {
  readonly collections: readonly Named[];
  readonly types: readonly Named[];
  readonly tags: readonly Named[];
  readonly channels: readonly Named[];
  readonly categories: readonly Named[];
  readonly regions: readonly Region[];
  readonly currencies: readonly string[];
  readonly profiles: readonly Profile[];
  readonly defaultChannelId: string | null;
  /** How many categories have no parent. */
  readonly rootCategories: number;
}

/** Returns what the shop has of what these products refer to. */
export async function loadReferences(
  connection: Knex,
  inputs: readonly ProductInput[],
): Promise<KnownReferences> {
  const collections = inputs.flatMap(({ collection }) => collection ?? []);
  const channels = inputs.flatMap((input) => input.channels ?? []);
  const categories = inputs.flatMap((input) => input.categories ?? []);
  const wordsOf = (named: readonly NamedInput[]) =>
    named.flatMap(({ id, handle, name }) =>
      [id, handle, name].filter((each) => each !== undefined),
    );
  const handles = collections.flatMap(({ handle, title }) => handle ?? title ?? []);
  const [found] = await query<KnownReferences>(
    connection,
    sql`select
      ${named(sql`select id, handle as key, title as name from product_collection
        where deleted_at is null and (handle = any(${handles}) or title = any(${handles}))
        order by id`)} as collections,
      ${named(sql`select id, value as key, null as name from product_type
        where deleted_at is null and value = any(${inputs.flatMap(({ type }) => type ?? [])})
        order by id`)} as types,
      ${named(sql`select id, value as key, null as name from product_tag
        where deleted_at is null and value = any(${inputs.flatMap(({ tags }) => tags ?? [])})
        order by id`)} as tags,
      ${named(sql`select id, name as key, null as name from sales_channel
        where deleted_at is null
          and (id = any(${wordsOf(channels)}) or name = any(${wordsOf(channels)}))
        order by id`)} as channels,
      ${named(sql`select id, handle as key, name from product_category
        where id = any(${wordsOf(categories)}) or handle = any(${wordsOf(categories)})
          or name = any(${wordsOf(categories)}) order by id`)} as categories,
      ${named(sql`select id, name, currency_code from region where deleted_at is null`)} as regions,
      ${named(sql`select id, name, type from shipping_profile where deleted_at is null
        order by created_at, id`)} as profiles,
      array(select code from currency)::text[] as currencies,
      (select default_sales_channel_id from store limit 1) as "defaultChannelId",
      (select count(*)::int from product_category where parent_category_id is null)
        as "rootCategories"`,
  );
  return found!;
}

const named = (select: ReturnType<typeof sql>) =>
  sql`coalesce((select jsonb_agg(to_jsonb(r)) from (${select}) r), '[]'::jsonb)`;

/** Finds what products refer to, and stages what the shop does not have. */
export class References {
  readonly #known: KnownReferences;
  readonly #staged = new Map<string, NewReference>();

  constructor(known: KnownReferences) {
    this.#known = known;
  }

  get regions(): readonly Region[] {
    return this.#known.regions;
  }
  get profiles(): readonly Profile[] {
    return this.#known.profiles;
  }
  get defaultChannelId(): string | null {
    return this.#known.defaultChannelId;
  }
  hasCurrency(code: string): boolean {
    return this.#known.currencies.includes(code);
  }

  /** Returns the staged rows with one of these ids, in the order in which they were staged. */
  staged(ids: ReadonlySet<string>): NewReference[] {
    return [...this.#staged.values()].filter(({ id }) => ids.has(id));
  }

  /** Returns the id of the collection with the handle, or else the title. */
  collection({ handle, title }: { readonly handle?: string; readonly title?: string }): string {
    const known = this.#known.collections.find(({ key, name }) =>
      handle ? key === handle : name === title,
    );
    const columns = { handle: handle ?? handleFrom(title!), title: title ?? handle! };
    return known?.id ?? this.#stage("collection", "pcol", columns.handle, columns);
  }

  type(value: string): string {
    const known = this.#known.types.find(({ key }) => key === value);
    return known?.id ?? this.#stage("type", "ptyp", value, { value });
  }

  tag(value: string): string {
    const known = this.#known.tags.find(({ key }) => key === value);
    return known?.id ?? this.#stage("tag", "ptag", value, { value });
  }

  /**
   * Returns the id of the sales channel with the id, or else the name. Medusa's export writes the
   * name where it says "Id", so that an unknown id is a name.
   */
  channel({ id, name, description }: NamedInput): string {
    const { channels } = this.#known;
    const wanted = name ?? id!;
    const known = channels.find((each) => each.id === id) ?? channels.find((c) => c.key === wanted);
    const columns = { name: wanted, description: description ?? null };
    return known?.id ?? this.#stage("channel", "sc", wanted, columns);
  }

  /** Returns the id of the category with the id, or else the handle, or `undefined`. */
  category({ id, handle, name, description }: NamedInput): string | undefined {
    const { categories, rootCategories } = this.#known;
    const known =
      categories.find((each) => each.id === id) ??
      categories.find((each) => (handle ? each.key === handle : each.name === name));
    if (known || !(handle ?? name)) return known?.id;
    const wanted = handle ?? handleFrom(name!);
    const before = [...this.#staged.values()].filter(({ kind }) => kind === "category").length;
    return this.#stage("category", "pcat", wanted, {
      handle: wanted,
      name: name ?? wanted,
      description: description ?? "",
      is_active: true,
      is_internal: false,
      rank: rootCategories + before,
    });
  }

  #stage(
    kind: ReferenceKind,
    prefix: string,
    name: string,
    columns: NewReference["columns"],
  ): string {
    const key = `${kind} ${name}`;
    const staged = this.#staged.get(key);
    if (staged) return staged.id;
    const id = newId(prefix);
    this.#staged.set(key, { kind, id, name, columns });
    return id;
  }
}

/** Returns the handle that Medusa would make of a title, as in `summer-sale`. */
function handleFrom(title: string): string {
  const words = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return words.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}
