import type { Knex } from "knex";

/** The size of a generated shop. */
export interface InsertedProducts {
  readonly products: number;
  readonly variants: number;
  readonly channelId: string;
}

/** What each product of a generated shop has. */
export interface ProductForm {
  /** How many variants each product has; by default between one and five. */
  readonly variants?: number;
  /** The factor of each currency's prices. */
  readonly currencies?: Readonly<Record<string, number>>;
  /** How many price lists there are: each has lower prices for every fifth product. */
  readonly priceLists?: number;
}

type Row = Record<string, unknown>;

const colours = ["Black", "Slate", "Moss", "Rust", "Sand", "Navy", "Cream", "Heather"];
const sizes = ["XS", "S", "M", "L", "XL"];
const materials = [
  "Merino",
  "Linen",
  "Cotton",
  "Canvas",
  "Enamel",
  "Beech",
  "Steel",
  "Wool",
  "Waxed",
  "Cashmere",
  "Corduroy",
  "Oak",
];
const things = [
  ...[
    "Tee",
    "Jacket",
    "Socks",
    "Beanie",
    "Mug",
    "Kettle",
    "Tent",
    "Rucksack",
    "Blanket",
    "Lantern",
    "Shirt",
    "Jumper",
  ],
  ...[
    "Trousers",
    "Apron",
    "Skillet",
    "Notebook",
    "Candle",
    "Hammock",
    "Gloves",
    "Scarf",
    "Flask",
    "Hatchet",
    "Board",
    "Café Press",
  ],
];
const places = [
  "Alpine",
  "Fell",
  "Harbour",
  "Moorland",
  "Coastal",
  "Glen",
  "Tarn",
  "Ridge",
  "Meadow",
  "Birch",
  "Heath",
  "Lowland",
];
const sentences = [
  "Made to be mended, not replaced.",
  "Warm when it is wet and light when it is dry.",
  "Cut close so that it layers under anything.",
  "Woven in a small mill that has done nothing else since 1887.",
  "Washes at thirty degrees and dries overnight.",
  "Heavy enough to last, thin enough to pack.",
  "Every seam is bound and every edge is turned.",
  "The colour fades a little with the years, and is the better for it.",
  "Comes in a box of recycled card.",
  "For long days out and slow mornings in.",
];

/** Returns a generator of numbers from 0 to 1 that are the same at every run. */
function deterministic(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const id = (prefix: string, number: number) => `${prefix}_${String(number).padStart(26, "0")}`;

/**
 * Inserts plausible products into a migrated database, the same at every run: by default on average
 * three variants each with a euro and a dollar price; tags, a collection, a type, a category, and
 * the default sales channel (every twentieth a second one instead).
 */
export async function insertManyProducts(
  knex: Knex,
  products: number,
  { variants: perProduct, currencies = { eur: 1, usd: 1.1 }, priceLists = 0 }: ProductForm = {},
): Promise<InsertedProducts> {
  const store = await knex("store").first("default_sales_channel_id");
  const profile = await knex("shipping_profile").where({ type: "default" }).first("id");
  const channelId: string = store.default_sales_channel_id;
  await insert(knex, "sales_channel", [{ id: id("sc", 2), name: "Outlet" }]);
  await insert(
    knex,
    "product_collection",
    things.map((title, at) => ({ id: id("pcol", at), title, handle: `collection-${at}` })),
  );
  await insert(
    knex,
    "product_type",
    materials.map((value, at) => ({ id: id("ptyp", at), value })),
  );
  await insert(
    knex,
    "product_tag",
    [...colours, ...places].map((value, at) => ({ id: id("ptag", at), value })),
  );
  await insert(
    knex,
    "product_category",
    places.map((name, at) => ({
      id: id("pcat", at),
      name,
      handle: `category-${at}`,
      mpath: `${id("pcat", at)}.`,
      is_active: true,
      rank: at,
    })),
  );
  const lists = Array.from({ length: priceLists }, (_, at) => id("pl", at));
  await insert(
    knex,
    "price_list",
    lists.map((list) => ({ id: list, name: "Sale", description: "Sale", status: "active" })),
  );
  let variants = 0;
  const shop = { channelId, profileId: profile.id, perProduct, currencies, lists };
  for (let from = 0; from < products; from += 1000) {
    const made = batch(from, Math.min(from + 1000, products), shop);
    for (const [table, rows] of made) await insert(knex, table, rows);
    variants += made.get("product_variant")!.length;
  }
  await knex.raw("vacuum analyze");
  return { products, variants, channelId };
}

interface Shop {
  readonly channelId: string;
  readonly profileId: string;
  readonly perProduct: number | undefined;
  readonly currencies: Readonly<Record<string, number>>;
  readonly lists: readonly string[];
}

function batch(from: number, to: number, shop: Shop): Map<string, Row[]> {
  const tables = new Map<string, Row[]>();
  const put: Put = (table, row) => {
    const rows = tables.get(table) ?? [];
    rows.push(row);
    tables.set(table, rows);
  };
  for (let number = from; number < to; number++) putProduct(put, number, shop);
  return tables;
}

type Put = (table: string, row: Row) => void;

function putProduct(put: Put, number: number, shop: Shop): void {
  const random = deterministic(number * 7919 + 17);
  const below = (max: number) => Math.floor(random() * max);
  const product_id = id("prod", number);
  const [place, material, thing] = [
    below(places.length),
    below(materials.length),
    below(things.length),
  ];
  const created_at = new Date(Date.UTC(2024, 0, 1) + number * 60_000);
  put("product", {
    id: product_id,
    title: `${places[place]} ${materials[material]} ${things[thing]}`,
    subtitle: `No. ${number}`,
    handle: `product-${number}`,
    description: [0, 1, 2, 3].map(() => sentences[below(sentences.length)]).join(" "),
    status: number % 50 === 49 ? "draft" : "published",
    collection_id: id("pcol", thing),
    type_id: id("ptyp", material),
    thumbnail: `https://pictures.example/${number}.webp`,
    created_at,
    updated_at: created_at,
  });
  put("product_sales_channel", {
    product_id,
    sales_channel_id: number % 20 === 19 ? id("sc", 2) : shop.channelId,
  });
  put("product_shipping_profile", { product_id, profile_id: shop.profileId });
  put("product_category_product", { product_id, product_category_id: id("pcat", place) });
  put("product_tags", { product_id, product_tag_id: id("ptag", below(colours.length)) });
  put("product_tags", { product_id, product_tag_id: id("ptag", colours.length + place) });
  put("image", { id: id("img", number), url: `https://pictures.example/${number}.webp` });
  put("product_images", { product_id, image_id: id("img", number) });
  put("product_option", { id: id("opt", number), title: "Size", product_id });
  const count = shop.perProduct ?? 1 + below(sizes.length);
  for (let at = 0; at < count; at++) putVariant(put, number, at, 900 + below(200) * 100, shop);
}

function putVariant(put: Put, number: number, at: number, amount: number, shop: Shop): void {
  const key = number * 10 + at;
  const variant_id = id("variant", key);
  const sku = `NW-${String(number).padStart(6, "0")}-${sizes[at]}`;
  put("product_variant", {
    id: variant_id,
    product_id: id("prod", number),
    title: sizes[at],
    sku,
    inventory_quantity: 10,
    variant_rank: at,
  });
  put("product_option_value", {
    id: id("optval", key),
    value: sizes[at],
    option_id: id("opt", number),
    variant_id,
  });
  const lists = shop.lists.filter((_, list) => number % 5 === list % 5);
  for (const [currency_code, share] of Object.entries(shop.currencies))
    for (const price_list_id of [null, ...lists]) {
      const place = `${currency_code}${price_list_id ?? ""}`;
      const money_amount_id = `${id("ma", key)}_${place}`;
      const price = Math.round(amount * share * (price_list_id ? 0.8 : 1));
      put("money_amount", { id: money_amount_id, currency_code, amount: price, price_list_id });
      put("product_variant_money_amount", {
        id: `${id("pvma", key)}_${place}`,
        variant_id,
        money_amount_id,
      });
    }
}

/** Inserts the rows in one statement; columns that they do not name get their defaults. */
async function insert(knex: Knex, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!).map((name) => `"${name}"`);
  await knex.raw(
    `insert into "${table}" (${columns})
      select ${columns} from json_populate_recordset(null::"${table}", ?)`,
    [JSON.stringify(rows)],
  );
}
