import { ZodError } from "zod";
import { NotAllowedError } from "../../core/errors.ts";
import type { FulfillmentProvider } from "../fulfillment/fulfillment-provider.ts";
import type { PaymentProvider } from "../payment/payment-provider.ts";
import { ProviderError } from "../provider-error.ts";
import type { Provider, ProviderKind, WrappedProvider } from "../provider-kind.ts";
import { type OwnProviders, providerKinds } from "../providers.ts";
import type { TaxProvider } from "../tax/tax-provider.ts";
import { wrapProvider } from "../wrap-provider.ts";
import { commonContract } from "./common-contract.ts";
import {
  BreachError,
  type CheckResult,
  type ContractCheck,
  NotApplicableError,
  shown,
} from "./contract-check.ts";
import type { ContractSupport } from "./contract-support.ts";
import { fulfillmentContract } from "./fulfillment-contract.ts";
import { PaymentBench } from "./payment-bench.ts";
import { paymentContract } from "./payment-contract.ts";
import { newRecording, type Recording, recordedProvider } from "./recorded-provider.ts";
import { taxContract } from "./tax-contract.ts";

/** What became of the checks of one provider. */
export interface ProviderReport {
  readonly kind: keyof OwnProviders;
  readonly id: string;
  readonly checks: readonly CheckResult[];
}

interface Options {
  /** How long each answer may take. */
  readonly seconds: number;
  readonly support?: ContractSupport | undefined;
  /** The same providers, as another process has loaded them. */
  readonly elsewhere?: Partial<OwnProviders> | undefined;
}

/** Tries the contract of each provider. What a provider throws becomes a failed check. */
export async function checkProviders(
  { tax, fulfillment, payment }: Partial<OwnProviders>,
  options: Options,
): Promise<ProviderReport[]> {
  const reports: ProviderReport[] = [];
  for (const provider of tax ?? []) reports.push(await checkTax(provider, options));
  for (const provider of fulfillment ?? []) reports.push(await checkFulfillment(provider, options));
  for (const provider of payment ?? []) reports.push(await checkPayment(provider, options));
  return reports;
}

function checkTax(provider: TaxProvider, options: Options): Promise<ProviderReport> {
  return checkContract("tax", provider, options, (wrapped: WrappedProvider<TaxProvider>) => ({
    contract: taxContract,
    bench: { provider: wrapped, support: options.support?.tax ?? {} },
  }));
}

function checkFulfillment(
  provider: FulfillmentProvider,
  options: Options,
): Promise<ProviderReport> {
  const support = options.support?.fulfillment ?? {};
  return checkContract(
    "fulfillment",
    provider,
    options,
    (wrapped: WrappedProvider<FulfillmentProvider>) => ({
      contract: fulfillmentContract,
      bench: { provider: wrapped, support },
    }),
  );
}

function checkPayment(provider: PaymentProvider, options: Options): Promise<ProviderReport> {
  const twin = options.elsewhere?.payment?.find(({ id }) => id === provider.id);
  return checkContract(
    "payment",
    provider,
    options,
    (wrapped: WrappedProvider<PaymentProvider>, wrap) => {
      const bench = new PaymentBench(wrapped, twin && wrap(twin), options.support?.payment);
      return { contract: paymentContract, bench, cleanUp: () => bench.release() };
    },
  );
}

async function checkContract<P extends Provider, Bench>(
  kind: keyof OwnProviders,
  provider: P,
  { seconds }: Options,
  prepare: (
    wrapped: WrappedProvider<P>,
    wrap: (another: P) => WrappedProvider<P>,
  ) => {
    readonly contract: readonly ContractCheck<Bench>[];
    readonly bench: Bench;
    readonly cleanUp?: () => Promise<void>;
  },
): Promise<ProviderReport> {
  const recording = newRecording();
  const ofKind = providerKinds[kind] as unknown as ProviderKind<P>;
  const wrap = (one: P) => wrapProvider(ofKind, recordedProvider(ofKind, one, recording), seconds);
  const { contract, bench, cleanUp } = prepare(wrap(provider), wrap);
  const checks: CheckResult[] = [];
  for (const check of contract) {
    checks.push(await resultOf(check, bench, recording));
    await cleanUp?.();
  }
  for (const check of commonContract)
    checks.push(await resultOf(check, { provider, recording, seconds }, recording));
  return { kind, id: provider.id, checks };
}

async function resultOf<Bench>(
  { check, remedy, run }: ContractCheck<Bench>,
  bench: Bench,
  recording: Recording,
): Promise<CheckResult> {
  try {
    await run(bench);
    return { check, outcome: "passed", reason: null, remedy: null };
  } catch (error) {
    if (error instanceof NotApplicableError)
      return { check, outcome: "not_applicable", reason: error.message, remedy: null };
    return { check, outcome: "failed", remedy, ...explained(error, recording) };
  }
}

/** Returns in words what was seen of a provider, and what to do if the check does not know. */
function explained(
  error: unknown,
  { last }: Recording,
): { readonly reason: string; readonly remedy?: string } {
  if (error instanceof BreachError) return { reason: error.message };
  if (error instanceof NotAllowedError) return { reason: `${last} refused: ${error.message}` };
  if (!(error instanceof ProviderError)) return { reason: `It failed: ${shown(messageOf(error))}` };
  if (error.code === "provider_timeout")
    return {
      reason: `${last} did not answer in time`,
      remedy: "Pass `signal` to fetch, and give up before PROVIDER_SECONDS are over.",
    };
  if (error.code === "provider_nonsense")
    return {
      reason: `${last} answered what the interface does not allow: ${invalidPartOf(error.cause)}`,
      remedy: `Return what docs/providers.md says of ${last}.`,
    };
  return { reason: `${last} threw: ${shown(messageOf(error.cause))}` };
}

function invalidPartOf(cause: unknown): string {
  if (!(cause instanceof ZodError)) return shown(messageOf(cause));
  const [issue] = cause.issues;
  const path = issue?.path.length ? `${issue.path.join(".")}: ` : "";
  return `${path}${issue?.message}`;
}

function messageOf(error: unknown): unknown {
  return error instanceof Error ? error.message : error;
}
