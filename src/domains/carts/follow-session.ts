import type { Knex } from "knex";
import { runInTransaction } from "../../commands/transaction.ts";
import { NotAllowedError, UnavailableError } from "../../core/errors.ts";
import type {
  PaymentAnswer,
  PaymentProvider,
  PaymentQuestion,
  PaymentState,
  RetrievedPayment,
} from "../../providers/payment/payment-provider.ts";
import { ProviderError } from "../../providers/provider-error.ts";
import type { WrappedProvider } from "../../providers/provider-kind.ts";
import type { Providers } from "../../providers/providers.ts";
import {
  queueSessionReleases,
  releaseOfSession,
} from "../payments/attempts/queue-session-releases.ts";
import { queueRelease } from "../payments/attempts/release-leases.ts";
import {
  recordFollowed,
  recordInitiated,
  separateUnfollowed,
} from "../payments/followed-session-queries.ts";
import { needsInitiation, type PaymentSession } from "../payments/payment-session-queries.ts";
import { findPayer, type Payer, saveProviderCustomer } from "../payments/provider-customers.ts";
import {
  deleteMark,
  isNewest,
  type UnfollowedSession,
} from "../payments/unfollowed-session-queries.ts";
import { lockCartRow } from "./cart-lock.ts";
import type { Cart } from "./cart-tree.ts";
import { isOfRemoteProvider, paymentQuestionOf } from "./payment-question.ts";

type Provider = WrappedProvider<PaymentProvider>;

/** What one try to follow a session came to. */
export interface FollowedStep {
  /** Whether the provider knows what the cart cost when it was asked, and nothing is left to do. */
  readonly isDone: boolean;
  /** Whether the session has another payment than before. */
  readonly isRenewed: boolean;
}

interface FollowDeps {
  readonly database: Knex;
  readonly providers: Providers;
}

/** A marked session with its cart, as they were when it was acquired. */
interface Marked {
  readonly mark: UnfollowedSession;
  readonly cart: Cart;
  readonly session: PaymentSession;
}

/** How a session is followed. */
export interface FollowOptions {
  /** How long one call may take. */
  readonly seconds: number;
  /** Whether a provider that has updated a payment is asked for its state, too. */
  readonly isVerified: boolean;
}

/** The states of a payment whose amount stays as it is. */
const SETTLED: ReadonlySet<PaymentState> = new Set(["authorized", "captured", "canceled"]);

const DONE: FollowedStep = { isDone: true, isRenewed: false };
const AGAIN: FollowedStep = { isDone: false, isRenewed: false };

/**
 * Tells the provider of one marked session what its cart costs, and keeps the answer. A payment
 * that can no longer follow, since the shopper has paid another amount or it was canceled, is
 * released, and the next try initiates another one. No transaction is open during a call.
 * @throws ProviderError
 * @throws NotAllowedError if the provider refuses
 * @throws UnavailableError if this server does not have the provider
 */
export async function followSession(
  deps: FollowDeps,
  cart: Cart,
  mark: UnfollowedSession,
  how: FollowOptions,
): Promise<FollowedStep> {
  const { database, providers } = deps;
  const session = cart.payment_sessions.find(({ id }) => id === mark.session_id);
  if (!session || !mustBeFollowed(providers, cart, session)) {
    await deleteMark(database, mark);
    return DONE;
  }
  const { provider_id: id } = session;
  if (!providers.payment.has(id))
    throw new UnavailableError(`The payment provider ${id} is not available at the moment.`);
  const payer =
    mark.payer_id !== null && mark.payer_id === cart.customer_id
      ? await findPayer(database, providers, mark.payer_id)
      : undefined;
  const marked = { mark, cart, session };
  return needsInitiation(session)
    ? initiate(deps, marked, payer, how)
    : update(deps, marked, payer, how);
}

/** A selected session that was separated from its payment is initiated again. */
function mustBeFollowed(providers: Providers, cart: Cart, session: PaymentSession): boolean {
  if (cart.completed_at || session.amount === null || session.amount <= 0) return false;
  return (
    isOfRemoteProvider(providers, session) && (!needsInitiation(session) || isSelected(session))
  );
}

function isSelected({ is_selected }: PaymentSession): boolean {
  return is_selected === true;
}

async function update(
  deps: FollowDeps,
  marked: Marked,
  payer: Payer | undefined,
  how: FollowOptions,
): Promise<FollowedStep> {
  const { cart, session } = marked;
  const provider = deps.providers.payment.get(session.provider_id);
  const customer = payer?.forProvider(session.provider_id) ?? null;
  const question = paymentQuestionOf(cart, session, customer);
  const answer = await updateOrRetrieve(provider, question, how);
  return answer.isPossible ? keepAnswer(deps, marked, payer, answer) : separate(deps, marked);
}

/**
 * Tells a provider what is due. A payment that is paid or canceled cannot follow, unless it is paid
 * for just that. A provider says so by refusing, by failing, or only when asked for the state.
 */
async function updateOrRetrieve(
  provider: Provider,
  question: PaymentQuestion,
  { seconds, isVerified }: FollowOptions,
): Promise<PaymentAnswer & { readonly isPossible: boolean }> {
  const retrieve = async (data: PaymentQuestion["data"]) => {
    const state = await provider.retrieve({ data }, seconds).catch(() => undefined);
    return state && SETTLED.has(state.status) ? state : undefined;
  };
  const isPaid = ({ status, amount }: RetrievedPayment, unsaid: number | undefined) =>
    status !== "canceled" && (amount ?? unsaid) === question.amount;
  try {
    const answer = await provider.update(question, seconds);
    const state = isVerified ? await retrieve(answer.data) : undefined;
    return { ...answer, isPossible: !state || isPaid(state, question.amount) };
  } catch (error) {
    const state = mayMeanSettled(error) ? await retrieve(question.data) : undefined;
    if (!state) throw error;
    return { data: state.data, isPossible: isPaid(state, undefined) };
  }
}

function mayMeanSettled(error: unknown): boolean {
  if (error instanceof ProviderError) return error.code === "provider_failed";
  return error instanceof NotAllowedError;
}

async function keepAnswer(
  { database }: FollowDeps,
  { mark, cart, session }: Marked,
  payer: Payer | undefined,
  { data, customer_metadata }: PaymentAnswer,
): Promise<FollowedStep> {
  return runInTransaction(database, async (trx) => {
    const [, isLast] = await Promise.all([lockCartRow(trx, cart.id), isNewest(trx, mark)]);
    const isRecorded = await recordFollowed(trx, session, data, isLast);
    if (payer && customer_metadata)
      await saveProviderCustomer(trx, payer.id, session.provider_id, customer_metadata);
    if (!isRecorded || !isLast) return AGAIN;
    await deleteMark(trx, mark);
    return DONE;
  });
}

/** Queues the release of a payment that cannot follow. The session stays marked. */
function separate(
  { database, providers }: FollowDeps,
  { cart, session }: Marked,
): Promise<FollowedStep> {
  const resource = { id: cart.id, currencyCode: cart.region.currency_code };
  return runInTransaction(database, async (trx) => {
    await lockCartRow(trx, cart.id);
    if (!(await separateUnfollowed(trx, session))) return AGAIN;
    await queueSessionReleases(trx, providers, resource, [session]);
    return { isDone: false, isRenewed: true };
  });
}

/** Initiates a payment. It is released again where its session is gone by then. */
async function initiate(
  { database, providers }: FollowDeps,
  { mark, cart, session }: Marked,
  payer: Payer | undefined,
  { seconds }: FollowOptions,
): Promise<FollowedStep> {
  const provider = providers.payment.get(session.provider_id);
  const customer = payer?.forProvider(session.provider_id) ?? null;
  const question = paymentQuestionOf(cart, session, customer);
  const { data, customer_metadata } = await provider.initiate(question, seconds);
  const resource = { id: cart.id, currencyCode: cart.region.currency_code };
  return runInTransaction(database, async (trx) => {
    const [, isLast] = await Promise.all([lockCartRow(trx, cart.id), isNewest(trx, mark)]);
    if (payer && customer_metadata)
      await saveProviderCustomer(trx, payer.id, session.provider_id, customer_metadata);
    if (!(await recordInitiated(trx, session.id, data, isLast))) {
      await queueRelease(trx, releaseOfSession({ ...session, data }, resource));
      return AGAIN;
    }
    if (isLast) await deleteMark(trx, mark);
    return { isDone: isLast, isRenewed: true };
  });
}
