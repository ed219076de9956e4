import type supertest from "supertest";

/** What came back. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: stories look into answers of every kind
  readonly body: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

/** Somebody with a browser: cookies are kept from answer to answer. */
export interface Visitor {
  get(path: string, headers?: Headers): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  delete(path: string, headers?: Headers): Promise<Answer>;
}

type Agent = ReturnType<typeof supertest>;

/** Somebody who asks through what the first question opens: an agent keeps cookies, a plain supertest none. */
export function visitorBy(open: () => Agent): Visitor {
  let kept: Agent | undefined;
  const agent = () => {
    kept ??= open();
    return kept;
  };
  return {
    get: (path, headers = {}) => answer(agent().get(path).set(headers)),
    post: (path, body, headers = {}) =>
      answer(
        agent()
          .post(path)
          .set(headers)
          .send(body as object),
      ),
    delete: (path, headers = {}) => answer(agent().delete(path).set(headers)),
  };
}

async function answer(sent: supertest.Test): Promise<Answer> {
  const { status, body, text, headers } = await sent;
  return { status, body, text, headers };
}
