/** Who may know whom. Each rule is one sentence of docs/architecture.md. */
const infrastructure =
  "^node_modules/(pg|knex|ioredis|nodemailer|express|express-session|connect-)";

/** The rooms of src/, top to bottom. A file imports from its own room and from rooms below it. */
export const rooms = [
  "cli",
  "product-files",
  "processes",
  "main.ts",
  "prepare-database.ts",
  "compose.ts",
  "catalogue-routes.ts",
  "mail-subscriber.ts",
  "read-backlog.ts",
  "app.ts",
  "domains/swaps",
  "domains/checkout",
  "domains/order-edits",
  "domains/payment-collections",
  "domains/returns",
  "domains/payment-sessions",
  "domains/orders",
  "domains/carts",
  "domains/gift-cards",
  "domains/search",
  "domains/customers",
  "domains/auth",
  "domains/payment-webhooks",
  "domains/variants",
  "domains/products",
  "domains/payments",
  "domains/pricing",
  "domains/discounts",
  "domains/shipping-options",
  "domains/inventory",
  "domains/sales-channels",
  "domains/product-categories",
  "domains/product-labels",
  "domains/regions",
  "domains/collections",
  "domains/return-reasons",
  "landing",
  "doctor",
  "shop-file",
  "demo",
  "mails",
  "events",
  "commands",
  "providers",
  "graph",
  "http",
  "catalogue-memory",
  "database",
  "medusa-adoption",
  "comparison",
  "config",
  "runtime",
  "concurrency",
  "money",
  "core",
];

const pathOf = (room) => `^src/${room.replace(".", "\\.")}${room.endsWith(".ts") ? "$" : "/"}`;

/** One rule a room: nothing in it imports from a room above, types included. */
function downwardsOnly(ordered) {
  return ordered.slice(1).map((room, index) => ({
    name: `${room}-imports-downwards`,
    severity: "error",
    from: { path: pathOf(room) },
    to: {
      path: ordered
        .slice(0, index + 1)
        .map(pathOf)
        .join("|"),
    },
  }));
}

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...downwardsOnly(rooms),
    {
      name: "only-http-knows-express",
      comment:
        "Services and rules work without a web server; http/ and app.ts are the only ones to know one.",
      severity: "error",
      from: { path: "^src", pathNot: "^src/(http/|app\\.ts$)" },
      to: {
        path: "^node_modules/(@types/)?(express|express-session|cookie-parser|compression|cors|helmet|express-rate-limit)/",
      },
    },
    {
      name: "http-knows-no-shop",
      severity: "error",
      from: { path: "^src/http/" },
      to: { path: "^src/(domains|money|graph|demo|medusa-adoption)/" },
    },
    {
      name: "money-is-pure",
      comment:
        "Money takes trees, rates and the time as arguments; it reads no clock, database or setting.",
      severity: "error",
      from: { path: "^src/money/" },
      to: {
        pathNot: "^src/money/",
        path: "^(src|node_modules)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "rules-are-pure",
      severity: "error",
      from: { path: "-rules\\.ts$" },
      to: {
        path: `${infrastructure}|-queries\\.ts$|-service\\.ts$|-routes\\.ts$|^src/(database|http|providers|events)/`,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "queries-know-database-and-graph",
      severity: "error",
      from: { path: "^src/domains/.*-queries\\.ts$" },
      to: {
        path: "-service\\.ts$|-routes\\.ts$|^src/(http|providers|money)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "services-know-no-http",
      severity: "error",
      from: { path: "^src/domains/", pathNot: "-(routes|schemas)\\.ts$" },
      to: { path: "^src/http/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "routes-are-the-edge",
      comment: "Only compose.ts and catalogue-routes.ts collect routes.",
      severity: "error",
      from: { path: "^src", pathNot: "^src/(compose|catalogue-routes)\\.ts$" },
      to: { path: "^src/domains/.*-routes\\.ts$" },
    },
    {
      name: "graph-knows-no-shop",
      severity: "error",
      from: { path: "^src/graph/" },
      to: { path: "^src/(domains|http|money|demo)/" },
    },
    {
      name: "database-knows-no-shop",
      severity: "error",
      from: { path: "^src/database/" },
      to: { path: "^src/(domains|http|money|demo)/" },
    },
    {
      name: "product-knows-no-test",
      severity: "error",
      from: { path: "^(src|migrations)/" },
      to: { path: "^(test|bench)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    moduleSystems: ["es6", "cjs"],
    exclude: { path: "\\.spec\\.ts$" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
