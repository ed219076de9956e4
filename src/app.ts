import cookieParser from "cookie-parser";
import express, { type Express } from "express";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import type { Config } from "./config/config.ts";
import { demoPicturesDirectory } from "./demo/demo-pictures-directory.ts";
import { findPasswordForm } from "./domains/auth/auth-queries.ts";
import { authRoutes } from "./domains/auth/auth-routes.ts";
import { AuthService } from "./domains/auth/auth-service.ts";
import { credentialCheck } from "./domains/auth/check-credential.ts";
import { Passwords } from "./domains/auth/passwords.ts";
import { cartRoutes } from "./domains/carts/cart-routes.ts";
import { CartService } from "./domains/carts/cart-service.ts";
import { checkoutRoutes } from "./domains/checkout/checkout-routes.ts";
import { CheckoutService } from "./domains/checkout/checkout-service.ts";
import { collectionRoutes } from "./domains/collections/collection-routes.ts";
import { customerRoutes } from "./domains/customers/customer-routes.ts";
import { CustomerService } from "./domains/customers/customer-service.ts";
import { ForgottenPasswords } from "./domains/customers/forgotten-password.ts";
import { passwordRoutes } from "./domains/customers/password-routes.ts";
import { SavedMethods } from "./domains/customers/saved-methods.ts";
import { giftCardRoutes } from "./domains/gift-cards/gift-card-routes.ts";
import { orderEditRoutes } from "./domains/order-edits/order-edit-routes.ts";
import { OrderEditService } from "./domains/order-edits/order-edit-service.ts";
import { orderClaimRoutes } from "./domains/orders/order-claim-routes.ts";
import { OrderClaims } from "./domains/orders/order-claims.ts";
import { orderRoutes } from "./domains/orders/order-routes.ts";
import { PaidCollections } from "./domains/payment-collections/paid-collections.ts";
import { paymentCollectionRoutes } from "./domains/payment-collections/payment-collection-routes.ts";
import { PaymentCollectionService } from "./domains/payment-collections/payment-collection-service.ts";
import { SessionAuthorizer } from "./domains/payment-collections/session-authorizer.ts";
import { PaidCarts } from "./domains/payments/paid-carts.ts";
import { paymentSessionRoutes } from "./domains/payments/payment-session-routes.ts";
import { PaymentSessionService } from "./domains/payments/payment-session-service.ts";
import { PaymentWebhooks } from "./domains/payments/payment-webhooks.ts";
import { webhookRoutes } from "./domains/payments/webhook-routes.ts";
import { productCategoryRoutes } from "./domains/product-categories/product-category-routes.ts";
import { ProductCategoryService } from "./domains/product-categories/product-category-service.ts";
import { productTagRoutes } from "./domains/product-tags/product-tag-routes.ts";
import { productTypeRoutes } from "./domains/product-types/product-type-routes.ts";
import { productRoutes } from "./domains/products/product-routes.ts";
import { ProductService } from "./domains/products/product-service.ts";
import { regionRoutes } from "./domains/regions/region-routes.ts";
import { returnReasonRoutes } from "./domains/return-reasons/return-reason-routes.ts";
import { returnRoutes } from "./domains/returns/return-routes.ts";
import { ReturnService } from "./domains/returns/return-service.ts";
import { searchRoutes } from "./domains/search/search-routes.ts";
import { SearchService } from "./domains/search/search-service.ts";
import { shippingOptionRoutes } from "./domains/shipping-options/shipping-option-routes.ts";
import { swapRoutes } from "./domains/swaps/swap-routes.ts";
import { SwapService } from "./domains/swaps/swap-service.ts";
import { variantRoutes } from "./domains/variants/variant-routes.ts";
import { VariantService } from "./domains/variants/variant-service.ts";
import { Events } from "./events/events.ts";
import { attemptLimits } from "./http/attempts.ts";
import { compress } from "./http/compress.ts";
import { docsPage } from "./http/docs-page.ts";
import { health, readiness } from "./http/health.ts";
import { IdempotencyKeys } from "./http/idempotency-keys.ts";
import { jsonBodies } from "./http/json-bodies.ts";
import type { Metrics } from "./http/metrics.ts";

import { type AnswerCheck, customersOnly, mountRoutes, unknownRoute } from "./http/mount-routes.ts";
import { pictures } from "./http/pictures.ts";

import { parseQuery } from "./http/query-string.ts";
import { limitedByAddress, limitedOfServers } from "./http/rate-limits.ts";
import { rawBodies } from "./http/raw-bodies.ts";
import { requestLog } from "./http/request-log.ts";
import type { Route } from "./http/route.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { sendError } from "./http/send-error.ts";
import { sessions } from "./http/session.ts";
import { createSessionStore } from "./http/session-store.ts";
import { storefrontOrigins } from "./http/storefront-origins.ts";
import type { Log } from "./log.ts";
import type { Providers } from "./providers/providers.ts";
import { version } from "./version.ts";

/** What the app talks to. */
export interface Connections {
  readonly knex: Knex;
  /** Without it sessions are kept in PostgreSQL and limits are counted in this process. */
  readonly redis: Redis | undefined;
  readonly log: Log;
  readonly providers: Providers;
  readonly metrics?: Metrics | undefined;
  /** Told of every answer before it is sent; tests hold it against the route's schema. */
  readonly onAnswer?: AnswerCheck | undefined;
}

/** The whole HTTP side: what every request passes, in this order. */
export function createApp(
  config: Config,
  connections: Connections,
  routes: readonly Route[] = storeRoutes(config, connections),
  isCurrent = credentialCheck(connections.knex),
): Express {
  const { knex, redis, log, metrics, onAnswer } = connections;
  const authentication = { secrets: config.secrets.jwt, isCurrent };
  const countAttempt = attemptLimits(config.rateLimit, { redis, log });
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", config.trustProxy);
  app.set("query parser", parseQuery);

  app.use(requestLog(log));
  if (metrics) app.use(metrics.observe);
  app.use(securityHeaders);
  app.get("/health", health);
  app.get("/ready", readiness(knex, redis));
  if (config.compression.enabled) app.use(compress(config.compression));
  app.use(docsPage(routes, { version, publicUrl: config.publicUrl, sessionCookie: config.session.cookieName }));
  app.use("/demo/pictures", pictures(demoPicturesDirectory()));

  app.use("/hooks", limitedOfServers(config.rateLimit, { redis, log }), rawBodies(config.bodyLimit));
  app.use("/store", storefrontOrigins(config.storeOrigins));
  app.use("/store", limitedByAddress(config.rateLimit, { redis, log }));
  app.use("/store", cookieParser());
  app.use("/store", sessions(config, createSessionStore(knex, redis, config.session.redisPrefix, log)));
  app.use("/store", jsonBodies(config.bodyLimit));
  const idempotencyKeys = new IdempotencyKeys(knex, config.idempotencyHours);
  mountRoutes(app, routes, config, { authentication, countAttempt, idempotencyKeys, onAnswer });
  app.use("/store/customers", customersOnly(authentication));

  app.use(unknownRoute);
  app.use(sendError);
  return app;
}

/** Every endpoint of the shop, a line a domain. */
export function storeRoutes(config: Config, { knex, providers, log }: Connections): Route[] {
  const mostRows = config.maxPageSize;
  const { bcryptCost, form } = config.passwords;
  const passwords = new Passwords(bcryptCost, async () => (form === "auto" ? findPasswordForm(knex) : form));
  const events = new Events(config.events.forMedusa);
  const checkout = new CheckoutService(knex, providers, events);
  const authorizer = new SessionAuthorizer(knex, providers, events);
  const collections = new PaymentCollectionService(knex, providers, authorizer, config.afterSale);
  const payables = [
    new PaidCarts({ database: knex, providers, events, checkout, log }),
    new PaidCollections({ database: knex, providers, events, collections }),
  ];
  return [
    ...regionRoutes(knex, mostRows),
    ...productRoutes(new ProductService(knex, mostRows), mostRows),
    ...variantRoutes(new VariantService(knex, mostRows), mostRows),
    ...collectionRoutes(knex, mostRows),
    ...productCategoryRoutes(new ProductCategoryService(knex, mostRows), mostRows),
    ...productTagRoutes(knex, mostRows),
    ...productTypeRoutes(knex, mostRows),
    ...searchRoutes(new SearchService(knex), mostRows),
    ...shippingOptionRoutes(knex),
    ...returnReasonRoutes(knex),
    ...giftCardRoutes(knex),
    ...orderRoutes(knex, mostRows),
    ...cartRoutes(new CartService(knex, providers, events)),
    ...checkoutRoutes(checkout),
    ...paymentSessionRoutes(new PaymentSessionService(knex, providers)),
    ...returnRoutes(new ReturnService(knex, providers, events, config.afterSale)),
    ...swapRoutes(new SwapService(knex, providers, events, config.afterSale)),
    ...webhookRoutes(new PaymentWebhooks(providers, payables, log)),
    ...authRoutes(new AuthService(knex, passwords, config.secrets.jwt)),
    ...customerRoutes(knex, new CustomerService(knex, passwords, events), new SavedMethods(knex, providers, log)),
    ...passwordRoutes(new ForgottenPasswords(knex, passwords, events)),
    ...orderEditRoutes(new OrderEditService(knex, events, config.afterSale)),
    ...paymentCollectionRoutes(collections),
    ...orderClaimRoutes(new OrderClaims(knex, events, config.secrets.jwt)),
  ];
}
