import { existsSync } from "node:fs";
import { join } from "node:path";

/** Medusa's modules for Redis, by the names that its own guide for production gives them. */
const REDIS_MODULES = {
  eventBus: "@medusajs/event-bus-redis",
  cacheService: "@medusajs/cache-redis",
};

interface MedusaShop {
  readonly databaseUrl: string;
  /** Where it stores its sessions; "" for its memory. */
  readonly redisUrl: string;
  readonly secrets: { readonly jwt: string; readonly cookie: string };
  /** The folder of an installed Medusa whose modules for Redis are used, as in production. */
  readonly modulesIn?: string;
  /** Whether its feature flags are on, as they are by default here. */
  readonly featureFlags?: boolean;
}

/** Returns whether Medusa's modules for Redis are installed in a folder. */
export const hasRedisModules = (home: string): boolean =>
  Object.values(REDIS_MODULES).every((name) => existsSync(join(home, "node_modules", name)));

/** Returns the text of a shop's `medusa-config.js`. */
export function medusaConfig({
  databaseUrl,
  redisUrl,
  secrets,
  modulesIn,
  featureFlags = true,
}: MedusaShop): string {
  const withRedis = redisUrl !== "" && modulesIn !== undefined && hasRedisModules(modulesIn);
  const inRedis = (resolve: string) => ({ resolve, options: { redisUrl } });
  return `module.exports = ${JSON.stringify({
    projectConfig: {
      database_url: databaseUrl,
      database_type: "postgres",
      ...(redisUrl && { redis_url: redisUrl }),
      jwt_secret: secrets.jwt,
      cookie_secret: secrets.cookie,
      store_cors: "http://localhost:8000",
      admin_cors: "http://localhost:7000",
    },
    plugins: ["medusa-payment-manual", "medusa-fulfillment-manual"],
    modules: {
      eventBus: withRedis
        ? inRedis(REDIS_MODULES.eventBus)
        : { resolve: "@medusajs/event-bus-local" },
      cacheService: withRedis
        ? inRedis(REDIS_MODULES.cacheService)
        : { resolve: "@medusajs/cache-inmemory" },
    },
    featureFlags: {
      sales_channels: featureFlags,
      publishable_api_keys: featureFlags,
      product_categories: featureFlags,
      tax_inclusive_pricing: featureFlags,
      order_editing: featureFlags,
    },
  })};`;
}
