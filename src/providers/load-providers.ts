import { StartupError } from "../core/startup-error.ts";
import { kindOfClass } from "./medusa-plugins/plugin-class.ts";
import type { ObserveCall } from "./provider-calls.ts";
import type { Provider } from "./provider-kind.ts";
import { createProviders, type OwnProviders, type Providers, providerKinds } from "./providers.ts";
import { resolveModule } from "./resolve-module.ts";

type KindName = keyof typeof providerKinds;
const KINDS = Object.keys(providerKinds) as KindName[];
const ID = /^[\w.-]{1,100}$/;

interface Options {
  /** How long the shop waits for an answer. */
  readonly seconds: number;
  /** Providers that other settings switch on. */
  readonly more?: Partial<OwnProviders>;
  readonly directory?: string;
  /** Hears of each call of a provider that asks another service. */
  readonly observe?: ObserveCall;
}

/**
 * Loads the providers of the named modules: files, relative to the working directory, or packages
 * installed there. Returns them with the built-in ones.
 * @throws StartupError if a module cannot be loaded, or its exports do not fit the interface
 */
export async function loadProviders(
  names: readonly string[],
  { seconds, more = {}, directory = process.cwd(), observe }: Options,
): Promise<Providers> {
  const loaded = await loadOwnProviders(names, { directory });
  const own = {
    tax: [...(more.tax ?? []), ...loaded.tax],
    fulfillment: [...(more.fulfillment ?? []), ...loaded.fulfillment],
    payment: [...(more.payment ?? []), ...loaded.payment],
  };
  for (const kind of KINDS) mustHaveUniqueIds(kind, own[kind]);
  return createProviders(seconds, own, observe);
}

interface ModuleOptions {
  readonly directory: string;
  /** Which copy of the modules is meant. */
  readonly instance?: string | undefined;
  /** How a refusal begins: who named the module. */
  readonly origin?: string;
}

/**
 * Returns the providers that the named modules export, as they are. With an `instance` the modules
 * are loaded once more, with variables of their own, as another process would.
 * @throws StartupError if a module cannot be loaded, or its exports do not fit the interface
 */
export async function loadOwnProviders(
  names: readonly string[],
  { directory, instance, origin = "PROVIDERS names" }: ModuleOptions,
): Promise<OwnProviders> {
  const own: { [K in KindName]: OwnProviders[K][number][] } = {
    tax: [],
    fulfillment: [],
    payment: [],
  };
  for (const name of names) {
    const exported = await importModule(name, { directory, instance, origin });
    mustExportProvider(exported, `${origin} ${name}`);
    own.tax.push(...providersIn(exported, "tax", name));
    own.fulfillment.push(...providersIn(exported, "fulfillment", name));
    own.payment.push(...providersIn(exported, "payment", name));
  }
  return own;
}

async function importModule(
  name: string,
  { directory, instance, origin }: ModuleOptions,
): Promise<Record<string, unknown>> {
  const address = resolveModule(name, directory);
  if (!address)
    throw new StartupError(`${origin} ${name}, which cannot be found from ${directory}.`);
  const query = instance ? `?instance=${instance}` : "";
  try {
    return await import(/* @vite-ignore */ `${address}${query}`);
  } catch (error) {
    const reason = (error as Error | undefined)?.message ?? error;
    throw new StartupError(`${origin} ${name}, which cannot be loaded: ${reason}`);
  }
}

/** @throws StartupError if a module exports no provider, with what it seems to be instead */
function mustExportProvider(exported: Record<string, unknown>, named: string): void {
  if (KINDS.some((kind) => kind in exported)) return;
  const main = exported["default"] as Record<string, unknown> | undefined;
  if (kindOfClass(main) ?? kindOfClass(main?.["default"]))
    throw new StartupError(
      `${named}, which is a class for Medusa. Such classes are loaded with their plugin: ` +
        "see MEDUSA_PLUGINS in docs/providers.md.",
    );
  throw new StartupError(`${named}, which exports none of ${KINDS.join(", ")}.`);
}

function providersIn<K extends KindName>(
  exported: Record<string, unknown>,
  kind: K,
  name: string,
): OwnProviders[K][number][] {
  if (!(kind in exported)) return [];
  const value = exported[kind];
  const candidates: unknown[] = Array.isArray(value) ? value : [value];
  return candidates.map((candidate) => requireProvider(candidate, kind, name));
}

function requireProvider<K extends KindName>(
  candidate: unknown,
  kind: K,
  name: string,
): OwnProviders[K][number] {
  if (typeof candidate !== "object" || candidate === null) {
    throw new StartupError(`The ${kind} provider of ${name} is not an object.`);
  }
  const provider = candidate as Record<string, unknown>;
  const id = provider["id"];
  if (typeof id !== "string" || !ID.test(id)) {
    throw new StartupError(
      `The ${kind} provider of ${name} needs an id: ` +
        "at most 100 letters, digits, dots, hyphens and underscores.",
    );
  }
  for (const [method, { optional }] of Object.entries<{ optional?: boolean }>(
    providerKinds[kind].methods,
  )) {
    if (typeof provider[method] === "function" || (optional && provider[method] === undefined))
      continue;
    throw new StartupError(`The ${kind} provider ${id} of ${name} has no method "${method}".`);
  }
  return candidate as OwnProviders[K][number];
}

function mustHaveUniqueIds(kind: KindName, own: readonly Provider[]): void {
  const ids = [...createProviders(1)[kind].ids, ...own.map(({ id }) => id)];
  const duplicate = ids.find((id, at) => ids.indexOf(id) !== at);
  if (duplicate)
    throw new StartupError(
      `There are two ${kind} providers with the id ${duplicate}: ids must be unique.`,
    );
}
