import { Conflict } from "../errors.ts";
import type { Guarded, Methods, Provider } from "./provider-kind.ts";

/** How often one question may turn out to be another before the request is given up. */
const MOST_TRIES = 3;

type Answered<F> = Extract<F, (question: never) => unknown> extends (question: infer Q) => Promise<infer A> ? [Q, A] : never;

/**
 * Asks a provider from inside a transaction. Use it for everything that a decision under a lock needs to know; do all questions to one
 * method at once, by giving a list.
 */
export interface Ask {
  <P extends Provider, M extends keyof Methods<P> & keyof Guarded<P>>(
    provider: Guarded<P>,
    method: M,
    question: Answered<Guarded<P>[M]>[0],
  ): Promise<Answered<Guarded<P>[M]>[1]>;
  /** The answers, in the order of the questions; they are asked side by side. */
  each<P extends Provider, M extends keyof Methods<P> & keyof Guarded<P>>(
    provider: Guarded<P>,
    method: M,
    questions: readonly Answered<Guarded<P>[M]>[0][],
  ): Promise<Answered<Guarded<P>[M]>[1][]>;
}

/** Ends a transaction in which something was asked that is not answered yet; what it locked is free again while the provider works. */
class NotAnsweredYet extends Error {
  readonly subject: string;
  readonly question: string;
  readonly put: () => Promise<unknown[]>;

  constructor(subject: string, question: string, put: () => Promise<unknown[]>) {
    super(`${subject} has to be asked first`);
    this.subject = subject;
    this.question = question;
    this.put = put;
  }
}

/**
 * Runs a use case that needs answers of providers: `consulting((ask) => answerOnce(database, call, async (trx) => …))`. No provider
 * that asks somebody else is ever called while `work` has a transaction open: at the first `ask` without an answer, `work` is ended (so its
 * transaction is rolled back and its locks are free), the provider is called, and `work` starts anew. What it then asks must be the very
 * question that was answered; if the tree has changed meanwhile it is another one, and is put again. `pure` providers are asked on the spot. So
 * `work` must do nothing but through its transaction, and save nothing before it has asked.
 * @throws Conflict the question was another one three times · ProviderFailure · NotAllowed the provider refuses
 */
export async function consulting<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const answers = new Map<string, unknown[]>();
  const tries = new Map<string, number>();
  for (;;) {
    try {
      return await work(askFrom(answers));
    } catch (error) {
      if (!(error instanceof NotAnsweredYet)) throw error;
      const tried = (tries.get(error.subject) ?? 0) + 1;
      if (tried > MOST_TRIES) {
        throw new Conflict("It was changed again and again while a provider was asked about it. Try again shortly.");
      }
      tries.set(error.subject, tried);
      answers.set(error.question, await error.put());
    }
  }
}

type Asked = Guarded<Provider> & Record<string, (question: unknown) => Promise<unknown>>;

function askFrom(answers: ReadonlyMap<string, unknown[]>): Ask {
  const asked = new Map<string, number>();
  const each = async (provider: Asked, method: string, questions: readonly unknown[]) => {
    const put = () => Promise.all(questions.map((question) => provider[method]!(question)));
    if (provider.pure || questions.length === 0) return put();
    // The first question to a method in one run and the second are two subjects, each with tries of its own.
    const name = `${provider.kind} provider ${provider.id}.${method}`;
    const number = asked.get(name) ?? 0;
    asked.set(name, number + 1);
    const [subject, question] = [`${name} #${number}`, `${name} ${JSON.stringify(questions)}`];
    const answer = answers.get(question);
    if (!answer) throw new NotAnsweredYet(subject, question, put);
    return structuredClone(answer);
  };
  const one = async (provider: Asked, method: string, question: unknown) => (await each(provider, method, [question]))[0];
  return Object.assign(one, { each }) as unknown as Ask;
}
