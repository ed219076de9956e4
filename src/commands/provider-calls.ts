import type { Methods, Provider, WrappedProvider } from "../providers/provider-kind.ts";
import { RerunError, rerunOnRequest } from "./rerun-on-request.ts";

type Answered<F> =
  Extract<F, (question: never) => unknown> extends (question: infer Q) => Promise<infer A>
    ? [Q, A]
    : never;

/**
 * Calls a provider from inside a command. Use it for everything that a decision under a lock needs
 * to know. Send all questions to one method at once, as a list.
 */
export interface CallProvider {
  <P extends Provider, M extends keyof Methods<P> & keyof WrappedProvider<P>>(
    provider: WrappedProvider<P>,
    method: M,
    question: Answered<WrappedProvider<P>[M]>[0],
  ): Promise<Answered<WrappedProvider<P>[M]>[1]>;
  /** Calls the provider for all questions in parallel. Returns the answers in their order. */
  each<P extends Provider, M extends keyof Methods<P> & keyof WrappedProvider<P>>(
    provider: WrappedProvider<P>,
    method: M,
    questions: readonly Answered<WrappedProvider<P>[M]>[0][],
  ): Promise<Answered<WrappedProvider<P>[M]>[1][]>;
}

/**
 * Runs `execute`, which may call providers although it opens a transaction: `withProviderCalls(
 * (callProvider) => runInTransaction(database, async (trx) => …))`. No provider that answers over
 * the network is called while the transaction is open. The first call without an answer ends
 * `execute`, so its transaction is rolled back and its locks are released; the provider is called,
 * and `execute` runs again with the answer. If the rows have changed meanwhile, its question is a
 * different one and is sent too. `pure` providers are called at once. So `execute` must act only
 * through its transaction, and save nothing before its last provider call.
 * @throws ConflictError the question has changed three times · ProviderError · NotAllowedError the
 * provider refuses
 */
export function withProviderCalls<T>(
  execute: (callProvider: CallProvider) => Promise<T>,
): Promise<T> {
  const answers = new Map<string, unknown[]>();
  return rerunOnRequest(() => execute(createCallProvider(answers)));
}

type AnyWrappedProvider = WrappedProvider<Provider> &
  Record<string, (question: unknown) => Promise<unknown>>;

function createCallProvider(answers: Map<string, unknown[]>): CallProvider {
  const callCounts = new Map<string, number>();
  const each = async (
    provider: AnyWrappedProvider,
    method: string,
    questions: readonly unknown[],
  ) => {
    const fetchAnswers = () =>
      Promise.all(questions.map((question) => provider[method]!(question)));
    if (provider.pure || questions.length === 0) return fetchAnswers();
    // The first and the second call of a method in one run are two subjects, each with reruns of
    // its own.
    const name = `${provider.kind} provider ${provider.id}.${method}`;
    const number = callCounts.get(name) ?? 0;
    callCounts.set(name, number + 1);
    const [subject, question] = [`${name} #${number}`, `${name} ${JSON.stringify(questions)}`];
    const answer = answers.get(question);
    if (answer) return structuredClone(answer);
    throw new RerunError(subject, async () => answers.set(question, await fetchAnswers()));
  };
  const one = async (provider: AnyWrappedProvider, method: string, question: unknown) =>
    (await each(provider, method, [question]))[0];
  // The overloads of CallProvider follow from each kind of provider, which no body can express.
  return Object.assign(one, { each }) as unknown as CallProvider;
}
