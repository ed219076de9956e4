import type { Knex } from "knex";
import type { ReadClock } from "./catalogue-memory/catalogue-memory.ts";
import { catalogueRoutes } from "./catalogue-routes.ts";
import { limitWaiting } from "./concurrency/serialize-by-key.ts";
import type { Config } from "./config/config.ts";
import { startRowCleanup } from "./database/delete-old-rows.ts";
import type { Replica } from "./database/replica.ts";
import { findPasswordForm, findSettledEmail } from "./domains/auth/auth-queries.ts";
import { authRoutes } from "./domains/auth/auth-routes.ts";
import { AuthService } from "./domains/auth/auth-service.ts";
import { credentialCheck } from "./domains/auth/credential-check.ts";
import { findShopper } from "./domains/auth/find-shopper.ts";
import { Passwords } from "./domains/auth/passwords.ts";
import { cartRoutes } from "./domains/carts/cart-routes.ts";
import { CartService } from "./domains/carts/cart-service.ts";
import { SessionFollower } from "./domains/carts/session-follower.ts";
import { CartPaymentHandler } from "./domains/checkout/cart-payment-handler.ts";
import { checkoutRoutes } from "./domains/checkout/checkout-routes.ts";
import { CheckoutService } from "./domains/checkout/checkout-service.ts";
import type { CompletionTargets } from "./domains/checkout/completion-target.ts";
import { orderCompletion } from "./domains/checkout/order-completion.ts";
import { resumeCheckouts } from "./domains/checkout/resume-checkouts.ts";
import { customerRoutes } from "./domains/customers/customer-routes.ts";
import { CustomerService } from "./domains/customers/customer-service.ts";
import { PasswordResetService } from "./domains/customers/password-reset-service.ts";
import { passwordRoutes } from "./domains/customers/password-routes.ts";
import { SavedPaymentMethods } from "./domains/customers/saved-payment-methods.ts";
import { startGiftCardActivation } from "./domains/gift-cards/activate-gift-cards.ts";
import { giftCardRoutes } from "./domains/gift-cards/gift-card-routes.ts";
import { orderEditRoutes } from "./domains/order-edits/order-edit-routes.ts";
import { OrderEditService } from "./domains/order-edits/order-edit-service.ts";
import { orderCapture } from "./domains/orders/order-capture.ts";
import { orderClaimRoutes } from "./domains/orders/order-claim-routes.ts";
import { OrderClaimService } from "./domains/orders/order-claim-service.ts";
import { orderRoutes } from "./domains/orders/order-routes.ts";
import { CollectionPaymentHandler } from "./domains/payment-collections/collection-payment-handler.ts";
import { paymentCollectionRoutes } from "./domains/payment-collections/payment-collection-routes.ts";
import { PaymentCollectionService } from "./domains/payment-collections/payment-collection-service.ts";
import { PaymentSessionAuthorizer } from "./domains/payment-collections/payment-session-authorizer.ts";
import { releaseClosedCollections } from "./domains/payment-collections/release-closed-collections.ts";
import { resumeAuthorizations } from "./domains/payment-collections/resume-authorizations.ts";
import { paymentSessionRoutes } from "./domains/payment-sessions/payment-session-routes.ts";
import { PaymentSessionService } from "./domains/payment-sessions/payment-session-service.ts";
import { PaymentWebhooks } from "./domains/payment-webhooks/payment-webhooks.ts";
import { ReportedPayments } from "./domains/payment-webhooks/reported-payments.ts";
import { webhookRoutes } from "./domains/payment-webhooks/webhook-routes.ts";
import { PaymentReleaser } from "./domains/payments/attempts/payment-releaser.ts";
import {
  findClockChanges,
  resolveCatalogueContext,
  stockShown,
} from "./domains/pricing/catalogue-context.ts";
import { returnRoutes } from "./domains/returns/return-routes.ts";
import { ReturnService } from "./domains/returns/return-service.ts";
import { searchRoutes } from "./domains/search/search-routes.ts";
import { SearchService } from "./domains/search/search-service.ts";
import { startIndexRefresh } from "./domains/search/start-index-refresh.ts";
import { swapCapture } from "./domains/swaps/swap-capture.ts";
import { swapCompletion } from "./domains/swaps/swap-completion.ts";
import { swapRoutes } from "./domains/swaps/swap-routes.ts";
import { SwapService } from "./domains/swaps/swap-service.ts";
import { Events } from "./events/events.ts";
import { startRelay } from "./events/relay.ts";
import { startDeliveryCleanup } from "./events/start-delivery-cleanup.ts";
import { type Subscriber, Subscriptions } from "./events/subscriptions.ts";
import { followWebhooks } from "./events/webhooks/follow-webhooks.ts";
import { boundAnswers } from "./graph/answer-bounds.ts";
import type { CatalogueContext } from "./http/catalogue/read-catalogue.ts";
import { startAnswerCleanup } from "./http/idempotency/start-answer-cleanup.ts";
import { readFromReplica } from "./http/routing/read-from-replica.ts";
import type { Route } from "./http/routing/route.ts";
import { mailSubscriber } from "./mail-subscriber.ts";
import type { Mails } from "./mails/mails.ts";
import { findMissingProviders } from "./providers/find-missing-providers.ts";
import { type Providers, reservedCustomerKeys } from "./providers/providers.ts";
import type { Log } from "./runtime/log.ts";

/** What the services and the background workers talk to. */
export interface ShopConnections {
  readonly knex: Knex;
  /** Answers catalogue reads, if there is one. */
  readonly replica?: Replica | undefined;
  readonly providers: Providers;
  readonly log: Log;
  /** Undefined sends no mails. */
  readonly mails?: Mails | undefined;
  /** Who hears of events, beside the mails and the webhooks. */
  readonly subscribers?: readonly Subscriber[];
}

/** Stops a background worker; resolves when its current round has ended. */
type StopWorker = () => Promise<void>;

/** The whole shop: its endpoints and its background workers. */
export interface Shop {
  readonly routes: readonly Route[];
  /** Returns whether a session or token is still valid. */
  readonly isCurrent: ReturnType<typeof credentialCheck>;
  /** What `/ready` answers in addition. */
  readonly details: () => Promise<object>;
  /** Returns the e-mail of a customer's account. */
  readonly emailOf: (customerId: string) => Promise<string | undefined>;
  /** What decides catalogue reads, and what may change them. */
  readonly catalogue: CatalogueContext;
  /** Reads when the catalogue changes by the clock. */
  readonly readClock: ReadClock;
  /** Starts the background workers and returns the functions that stop them. */
  readonly startWorkers: () => Promise<StopWorker[]>;
}

/** Builds every service, endpoint and worker of the shop, each once. */
export function composeShop(config: Config, connections: ShopConnections): Shop {
  const { knex, replica, mails } = connections;
  boundAnswers(knex, config.bounds.answer);
  if (replica) boundAnswers(replica.knex, config.bounds.answer);
  limitWaiting(config.bounds.waiting);
  const subscriptions = new Subscriptions([
    ...(mails ? [mailSubscriber(config, knex, mails)] : []),
    ...(connections.subscribers ?? []),
  ]);
  const events = new Events(subscriptions, config.events.forMedusa);
  const services = composeServices(config, connections, events);
  return {
    routes: composeRoutes(config, connections, services),
    isCurrent: credentialCheck(connections.knex),
    emailOf: (customerId) => findSettledEmail(connections.knex, customerId),
    details: async () => ({
      ...(replica && { replica: replica.isUsable ? "used" : "unusable" }),
      missing_providers: await findMissingProviders(connections.knex, connections.providers),
    }),
    catalogue: {
      resolve: (query, ctx) => resolveCatalogueContext(connections.knex, query, ctx),
      stockShown,
      findShopper: (claim) => findShopper(connections.knex, claim),
    },
    readClock: () => findClockChanges(connections.knex),
    startWorkers: () => startWorkers(config, connections, services, subscriptions),
  };
}

type Services = ReturnType<typeof composeServices>;

function composeServices(
  config: Config,
  { knex, providers, log }: ShopConnections,
  events: Events,
) {
  const { afterSale, bounds } = config;
  const tokenSecrets = config.secrets.jwt;
  const passwords = composePasswords(config, knex);
  const targets = completionTargets(events, config);
  const { paymentReleaseDays: days } = config;
  const releaser = new PaymentReleaser({ database: knex, providers, log, days });
  const followSeconds = config.providers.paymentFollowSeconds;
  const follower = new SessionFollower({ database: knex, providers, log, seconds: followSeconds });
  const checkout = new CheckoutService({
    database: knex,
    providers,
    targets,
    events,
    releaser,
    follower,
    placementSeconds: bounds.placementSeconds,
    log,
  });
  const authorizer = new PaymentSessionAuthorizer({ database: knex, providers, events, log });
  const collections = new PaymentCollectionService(
    knex,
    providers,
    authorizer,
    afterSale,
    bounds.paymentSessions,
  );
  const captureTargets = { order: orderCapture(events), swap: swapCapture(events) };
  const payments = { database: knex, providers, events, captureTargets, log };
  const paymentTargets = [
    new CartPaymentHandler({ ...payments, checkout }),
    new CollectionPaymentHandler({ ...payments, collections }),
  ];
  return {
    events,
    search: new SearchService(knex),
    // Customers
    auth: new AuthService(knex, passwords, tokenSecrets),
    customers: new CustomerService(
      knex,
      passwords,
      events,
      bounds,
      reservedCustomerKeys(providers),
    ),
    savedPaymentMethods: new SavedPaymentMethods(knex, providers, log),
    passwordResets: new PasswordResetService(knex, passwords, events),
    orderClaims: new OrderClaimService(knex, events, tokenSecrets),
    // Carts and payments
    carts: new CartService(knex, providers, events, cartRules(config), follower, log),
    paymentSessions: new PaymentSessionService(knex, providers, events, follower, log),
    checkout,
    authorizer,
    collections,
    releaser,
    webhooks: new PaymentWebhooks(providers, paymentTargets, new ReportedPayments(payments), log),
    // After the sale
    returns: new ReturnService(knex, providers, events, afterSale),
    swaps: new SwapService(knex, providers, events, afterSale, cartRules(config)),
    orderEdits: new OrderEditService(knex, providers, events, afterSale, config.orderEdits),
  };
}

function cartRules({ sales, bounds, providers }: Config) {
  return { ...sales, bounds: bounds.cart, shippingListSeconds: providers.shippingListSeconds };
}

function composePasswords({ passwords: { bcryptCost, form } }: Config, knex: Knex): Passwords {
  return new Passwords(bcryptCost, async () => (form === "auto" ? findPasswordForm(knex) : form));
}

/**
 * Returns what carts become: a swap's cart confirms the swap, every other cart becomes an order.
 */
export function completionTargets(
  events: Events,
  { sales, giftCards }: Pick<Config, "sales" | "giftCards">,
): CompletionTargets {
  const deps = { events, giftCards };
  const [order, swap] = [orderCompletion(deps, sales), swapCompletion(deps, sales)];
  return (cartType) => (cartType === "swap" ? swap : order);
}

function composeRoutes(
  { maxPageSize: maxRows }: Config,
  { knex, replica }: ShopConnections,
  services: Services,
): Route[] {
  const onPrimary = catalogueRoutes(knex, maxRows);
  return [
    // Catalogue
    ...(replica
      ? readFromReplica(replica, onPrimary, catalogueRoutes(replica.knex, maxRows))
      : onPrimary),
    ...searchRoutes(services.search, maxRows),
    ...giftCardRoutes(knex),
    // Customers
    ...authRoutes(services.auth),
    ...customerRoutes(knex, services.customers, services.savedPaymentMethods),
    ...passwordRoutes(services.passwordResets),
    // Carts, payments and orders
    ...cartRoutes(services.carts),
    ...checkoutRoutes(services.checkout),
    ...paymentSessionRoutes(services.paymentSessions),
    ...paymentCollectionRoutes(services.collections),
    ...orderRoutes(knex, maxRows),
    ...orderClaimRoutes(services.orderClaims),
    // After the sale
    ...returnRoutes(services.returns),
    ...swapRoutes(services.swaps),
    ...orderEditRoutes(services.orderEdits),
    // Payment companies
    ...webhookRoutes(services.webhooks),
  ];
}

async function startWorkers(
  config: Config,
  { knex, replica, providers, log }: ShopConnections,
  { events, checkout, authorizer, releaser }: Services,
  subscriptions: Subscriptions,
): Promise<StopWorker[]> {
  const { retryHours, deadLetters, webhooks } = config.events;
  const delivery = { subscriptions, retryHours, deadLetters, log };
  return [
    ...(replica ? [replica.start()] : []),
    await followWebhooks(knex, subscriptions, webhooks, log),
    startRelay(knex, delivery),
    startDeliveryCleanup(knex, delivery),
    startAnswerCleanup(knex, config.idempotencyHours, log),
    startRowCleanup(knex, log),
    startIndexRefresh(knex, log),
    startGiftCardActivation(knex, events, log),
    releaser.start(),
    releaseClosedCollections(knex, providers, log),
    resumeCheckouts(knex, checkout, log),
    resumeAuthorizations(knex, authorizer, log),
  ];
}
