import { isDeepStrictEqual, types } from "node:util";
import type { Provider, ProviderContext, ProviderKind } from "../provider-kind.ts";
import { shown } from "./contract-check.ts";

/** What was noticed while a provider was called. */
export interface Recording {
  /** The method that was called last. */
  last: string;
  /** Methods that did not answer in time. */
  readonly late: Set<string>;
  /** What was thrown and is no Error, in words. */
  readonly thrown: string[];
  /** Answers that change when they are stored as JSON, in words. */
  readonly unstorable: string[];
  /** Methods that answered with a promise. */
  readonly asynchronous: Set<string>;
}

/** Returns an empty recording. */
export function newRecording(): Recording {
  return { last: "", late: new Set(), thrown: [], unstorable: [], asynchronous: new Set() };
}

/**
 * Returns a provider that asks another one and records how it answers. A method that was late once
 * is not called again, since each call would take the whole time.
 */
export function recordedProvider<P extends Provider>(
  kind: ProviderKind<P>,
  provider: P,
  recording: Recording,
): P {
  const { id, pure, reservedCustomerKeys } = provider;
  const recorded: Record<string, unknown> = { id, pure, reservedCustomerKeys };
  for (const name of Object.keys(kind.methods)) {
    const method: unknown = Reflect.get(provider, name);
    if (typeof method !== "function") continue;
    recorded[name] = (question: unknown, { signal }: ProviderContext) => {
      recording.last = name;
      if (recording.late.has(name)) throw new Error("it did not answer in time before");
      signal.addEventListener("abort", () => recording.late.add(name));
      return recordCall(name, () => method.call(provider, question, { signal }), recording);
    };
  }
  // Which methods there are is the same as before.
  return recorded as unknown as P;
}

async function recordCall(name: string, call: () => unknown, recording: Recording) {
  try {
    const returned = call();
    if (types.isPromise(returned)) recording.asynchronous.add(name);
    const answer = await returned;
    const unstorable = unstorableIn(answer, name);
    if (unstorable) recording.unstorable.push(unstorable);
    return answer;
  } catch (error) {
    if (!(error instanceof Error)) recording.thrown.push(`${name} threw ${shown(error)}`);
    throw error;
  }
}

/** Returns what JSON would change or lose, in words. A property that is undefined may get lost. */
function unstorableIn(value: unknown, path: string): string | undefined {
  if (value === undefined || isScalar(value)) return;
  if (typeof value === "object" && value !== null && isPlain(value)) {
    for (const [key, inner] of Object.entries(value)) {
      const found = unstorableIn(inner, `${path}.${key}`);
      if (found) return found;
    }
    return;
  }
  return `${path} is ${describeValue(value)}`;
}

function isScalar(value: unknown): boolean {
  return (
    value === null ||
    ["string", "boolean"].includes(typeof value) ||
    (typeof value === "number" && Number.isFinite(value))
  );
}

/** Instances that JSON leaves as they are (those of an SDK, for example) may be answers. */
function isPlain(value: object): boolean {
  if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) return true;
  return isDeepStrictEqual({ ...value }, asJson(value));
}

function asJson(value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return;
  }
}

function describeValue(value: unknown): string {
  if (typeof value === "object" && value !== null)
    return `a ${value.constructor?.name ?? "object"}`;
  return typeof value === "function" ? "a function" : `${typeof value} ${String(value)}`;
}
