import { StartupError } from "../core/startup-error.ts";
import type { Provider } from "./provider-kind.ts";
import { createProviders, type OwnProviders, type Providers, providerKinds } from "./providers.ts";
import { resolveModule } from "./resolve-module.ts";

type KindName = keyof typeof providerKinds;
const KINDS = Object.keys(providerKinds) as KindName[];
const ID = /^[\w.-]{1,100}$/;

/**
 * Loads the providers of the named modules: files, relative to the working directory, or packages
 * installed there. Returns them with the built-in ones. `seconds` is how long the shop waits for an
 * answer.
 * @throws StartupError if a module cannot be loaded, or its exports do not fit the interface
 */
export async function loadProviders(
  names: readonly string[],
  seconds: number,
  directory = process.cwd(),
): Promise<Providers> {
  const own: { [K in KindName]: OwnProviders[K][number][] } = {
    tax: [],
    fulfillment: [],
    payment: [],
  };
  for (const name of names) {
    const exported = await importModule(name, directory);
    if (!KINDS.some((kind) => kind in exported)) {
      throw new StartupError(`PROVIDERS names ${name}, which exports none of ${KINDS.join(", ")}.`);
    }
    own.tax.push(...providersIn(exported, "tax", name));
    own.fulfillment.push(...providersIn(exported, "fulfillment", name));
    own.payment.push(...providersIn(exported, "payment", name));
  }
  for (const kind of KINDS) mustHaveUniqueIds(kind, own[kind]);
  return createProviders(seconds, own);
}

async function importModule(name: string, directory: string): Promise<Record<string, unknown>> {
  const address = resolveModule(name, directory);
  if (!address)
    throw new StartupError(`PROVIDERS names ${name}, which cannot be found from ${directory}.`);
  try {
    return await import(/* @vite-ignore */ address);
  } catch (error) {
    throw new StartupError(
      `PROVIDERS names ${name}, which cannot be loaded: ${(error as Error)?.message ?? error}`,
    );
  }
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
