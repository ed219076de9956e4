/** A table, column, constraint or index that a feature flag of Medusa adds. */
export interface FeaturePart {
  readonly kind: "table" | "column" | "foreign key" | "unique" | "index";
  /** The table that it is, or that it belongs to. */
  readonly table: string;
  readonly name: string;
  /** What follows its name when it is created. */
  readonly definition: string;
}

/** A feature flag that decides which of its migrations Medusa runs. */
export interface FeatureFlag {
  readonly name: string;
  /** Their names in Medusa's table of migrations. */
  readonly migrations: readonly string[];
  /** In the order of creation. */
  readonly parts: readonly FeaturePart[];
}

const includesTax = (table: string): FeaturePart => ({
  ...{ kind: "column", table, name: "includes_tax" },
  definition: "boolean not null default false",
});

const channelColumn = (table: string, name: string): FeaturePart => ({
  ...{ kind: "column", table, name, definition: "character varying" },
});

const channelKey = (table: string, name: string, rest: string): FeaturePart => ({
  ...{ kind: "foreign key", table, name },
  definition: `foreign key ${rest}`,
});

/**
 * The feature flags of Medusa 1.20.11 that add what Nettle needs. The other flags
 * (publishable_api_keys, product_categories, order_editing) add nothing: their tables are there in
 * any case.
 */
export const featureFlags: readonly FeatureFlag[] = [
  {
    name: "sales_channels",
    migrations: ["salesChannel1656949291839", "addSalesChannelMetadata1680714052628"],
    parts: [
      {
        kind: "table",
        table: "sales_channel",
        name: "sales_channel",
        definition: `
          id character varying not null,
          created_at timestamp with time zone not null default now(),
          updated_at timestamp with time zone not null default now(),
          deleted_at timestamp with time zone,
          name character varying not null,
          description character varying,
          is_disabled boolean not null default false,
          metadata jsonb,
          constraint "PK_d1eb0b923ea5a0eb1e0916191f1" primary key (id)`,
      },
      {
        kind: "table",
        table: "product_sales_channel",
        name: "product_sales_channel",
        definition: `
          product_id character varying not null,
          sales_channel_id character varying not null,
          constraint "PK_fd29b6a8bd641052628dee19583" primary key (product_id, sales_channel_id)`,
      },
      {
        kind: "index",
        table: "product_sales_channel",
        name: "IDX_5a4d5e1e60f97633547821ec8d",
        definition: "(product_id)",
      },
      {
        kind: "index",
        table: "product_sales_channel",
        name: "IDX_37341bad297fe5cca91f921032",
        definition: "(sales_channel_id)",
      },
      channelKey(
        "product_sales_channel",
        "FK_37341bad297fe5cca91f921032b",
        "(sales_channel_id) references sales_channel (id) on delete cascade on update cascade",
      ),
      channelColumn("cart", "sales_channel_id"),
      channelKey(
        "cart",
        "FK_a2bd3c26f42e754b9249ba78fd6",
        "(sales_channel_id) references sales_channel (id)",
      ),
      channelColumn("order", "sales_channel_id"),
      channelKey(
        "order",
        "FK_6ff7e874f01b478c115fdd462eb",
        "(sales_channel_id) references sales_channel (id)",
      ),
      channelColumn("store", "default_sales_channel_id"),
      {
        kind: "unique",
        table: "store",
        name: "UQ_61b0f48cccbb5f41c750bac7286",
        definition: "unique (default_sales_channel_id)",
      },
      channelKey(
        "store",
        "FK_61b0f48cccbb5f41c750bac7286",
        "(default_sales_channel_id) references sales_channel (id)",
      ),
    ],
  },
  {
    name: "tax_inclusive_pricing",
    migrations: ["test1659501357661"],
    parts: [
      ...["currency", "region", "shipping_option", "price_list", "shipping_method", "line_item"],
    ].map(includesTax),
  },
];

/** The migrations that Medusa runs only with a flag on that Nettle does not need. */
export const optionalMigrations: readonly string[] = [
  "addAnalyticsConfig1666173221888",
  ...featureFlags.flatMap(({ migrations }) => migrations),
];

/** Returns whether a part is in a schema, given as columns by table; undefined for a constraint. */
function isPresent(
  part: FeaturePart,
  found: ReadonlyMap<string, ReadonlySet<string>>,
): boolean | undefined {
  if (part.kind === "table") return found.has(part.name);
  return part.kind === "column" ? (found.get(part.table)?.has(part.name) ?? false) : undefined;
}

/**
 * Returns the flags of which a database has nothing, neither tables and columns (`found`, columns
 * by table) nor migrations (`ran`, their names).
 */
export function findFlagsOff(
  found: ReadonlyMap<string, ReadonlySet<string>>,
  ran: readonly string[],
): FeatureFlag[] {
  return featureFlags.filter(
    ({ migrations, parts }) =>
      !migrations.some((name) => ran.includes(name)) &&
      !parts.some((part) => isPresent(part, found)),
  );
}
