import { ConflictError } from "../core/errors.ts";
import type { Methods, Provider, WrappedProvider } from "../providers/provider-kind.ts";

/** How often one question may turn out to be another before the request is given up. */
const MAX_TRIES = 3;

type Answered<F> =
  Extract<F, (question: never) => unknown> extends (question: infer Q) => Promise<infer A>
    ? [Q, A]
    : never;

/**
 * Asks a provider from inside a transaction. Use it for everything that a decision under a lock
 * needs to know; do all questions to one method at once, by giving a list.
 */
export interface CallProvider {
  <P extends Provider, M extends keyof Methods<P> & keyof WrappedProvider<P>>(
    provider: WrappedProvider<P>,
    method: M,
    question: Answered<WrappedProvider<P>[M]>[0],
  ): Promise<Answered<WrappedProvider<P>[M]>[1]>;
  /** The answers, in the order of the questions; they are asked side by side. */
  each<P extends Provider, M extends keyof Methods<P> & keyof WrappedProvider<P>>(
    provider: WrappedProvider<P>,
    method: M,
    questions: readonly Answered<WrappedProvider<P>[M]>[0][],
  ): Promise<Answered<WrappedProvider<P>[M]>[1][]>;
}

/**
 * Ends a transaction in which something was asked that is not answered yet; what it locked is free
 * again while the provider works.
 */
class ProviderAnswerMissingError extends Error {
  readonly subject: string;
  readonly question: string;
  readonly fetchAnswers: () => Promise<unknown[]>;

  constructor(subject: string, question: string, put: () => Promise<unknown[]>) {
    super(`${subject} has to be asked first`);
    this.subject = subject;
    this.question = question;
    this.fetchAnswers = put;
  }
}

/**
 * Runs a use case that needs answers of providers: `consulting((ask) => answerOnce(database, call,
 * async (trx) => …))`. No provider that asks somebody else is ever called while `work` has a
 * transaction open: at the first `ask` without an answer, `work` is ended (so its transaction is
 * rolled back and its locks are free), the provider is called, and `work` starts anew. What it then
 * asks must be the very question that was answered; if the tree has changed meanwhile it is another
 * one, and is put again. `pure` providers are asked on the spot. So `work` must do nothing but
 * through its transaction, and save nothing before it has asked.
 * @throws Conflict the question was another one three times · ProviderFailure · NotAllowed the
 * provider refuses
 */
export async function withProviderCalls<T>(
  execute: (callProvider: CallProvider) => Promise<T>,
): Promise<T> {
  const answers = new Map<string, unknown[]>();
  const tries = new Map<string, number>();
  for (;;) {
    try {
      return await execute(createCallProvider(answers));
    } catch (error) {
      if (!(error instanceof ProviderAnswerMissingError)) throw error;
      const tried = (tries.get(error.subject) ?? 0) + 1;
      if (tried > MAX_TRIES) {
        throw new ConflictError(
          "It was changed again and again while a provider was asked about it. Try again shortly.",
        );
      }
      tries.set(error.subject, tried);
      answers.set(error.question, await error.fetchAnswers());
    }
  }
}

type AnyWrappedProvider = WrappedProvider<Provider> &
  Record<string, (question: unknown) => Promise<unknown>>;

function createCallProvider(answers: ReadonlyMap<string, unknown[]>): CallProvider {
  const callCounts = new Map<string, number>();
  const each = async (
    provider: AnyWrappedProvider,
    method: string,
    questions: readonly unknown[],
  ) => {
    const fetchAnswers = () =>
      Promise.all(questions.map((question) => provider[method]!(question)));
    if (provider.pure || questions.length === 0) return fetchAnswers();
    // The first question to a method in one run and the second are two subjects, each with tries of
    // its own.
    const name = `${provider.kind} provider ${provider.id}.${method}`;
    const number = callCounts.get(name) ?? 0;
    callCounts.set(name, number + 1);
    const [subject, question] = [`${name} #${number}`, `${name} ${JSON.stringify(questions)}`];
    const answer = answers.get(question);
    if (!answer) throw new ProviderAnswerMissingError(subject, question, fetchAnswers);
    return structuredClone(answer);
  };
  const one = async (provider: AnyWrappedProvider, method: string, question: unknown) =>
    (await each(provider, method, [question]))[0];
  return Object.assign(one, { each }) as unknown as CallProvider;
}
