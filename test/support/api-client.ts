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
export interface ApiClient {
  get(path: string, headers?: Headers): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  delete(path: string, headers?: Headers): Promise<Answer>;
}

type Agent = ReturnType<typeof supertest>;

/**
 * Somebody who asks through what the first question opens: an agent keeps cookies, a plain
 * supertest none.
 */
export function createApiClient(open: () => Agent): ApiClient {
  let opened: Agent | undefined;
  const agent = () => {
    opened ??= open();
    return opened;
  };
  return {
    get: (path, headers = {}) => toAnswer(agent().get(path).set(headers)),
    post: (path, body, headers = {}) =>
      toAnswer(
        agent()
          .post(path)
          .set(headers)
          .send(body as object),
      ),
    delete: (path, headers = {}) => toAnswer(agent().delete(path).set(headers)),
  };
}

async function toAnswer(request: supertest.Test): Promise<Answer> {
  const { status, body, text, headers } = await request;
  return { status, body, text, headers };
}
