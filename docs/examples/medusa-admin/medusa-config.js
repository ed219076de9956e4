// The Medusa 1.20 that serves the admin of a shop whose Store API Nettle serves.
const { ADMIN_CORS, COOKIE_SECRET, DATABASE_URL, JWT_SECRET, REDIS_URL, STORE_CORS } = process.env;

const isInstalled = (name) => {
  try {
    return Boolean(require.resolve(`${name}/package.json`));
  } catch {
    return false;
  }
};

const plugins = [
  { resolve: "medusa-payment-manual" },
  { resolve: "medusa-fulfillment-manual" },
  // Pictures that are uploaded in the admin.
  { resolve: "@medusajs/file-local", options: { upload_dir: "uploads" } },
  // The pages of the admin, at /app.
  { resolve: "@medusajs/admin", options: { autoRebuild: true, serve: true, path: "/app" } },
];

module.exports = {
  projectConfig: {
    database_type: "postgres",
    database_url: DATABASE_URL,
    redis_url: REDIS_URL,
    jwt_secret: JWT_SECRET,
    cookie_secret: COOKIE_SECRET,
    store_cors: STORE_CORS ?? "http://localhost:8000",
    admin_cors: ADMIN_CORS ?? "http://localhost:9000",
  },
  plugins: plugins.filter(({ resolve }) => isInstalled(resolve)),
  modules: {
    eventBus: { resolve: "@medusajs/event-bus-local" },
    cacheService: { resolve: "@medusajs/cache-inmemory" },
  },
  featureFlags: {
    analytics: false,
    order_editing: true,
    product_categories: true,
    publishable_api_keys: true,
    sales_channels: true,
    tax_inclusive_pricing: true,
  },
};
