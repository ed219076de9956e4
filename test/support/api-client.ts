import supertest, { type Response } from "supertest";

/** An HTTP response. */
export interface Answer {
  readonly status: number;
  /** As supertest types the bodies of all operations. */
  readonly body: Response["body"];
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

/** Sends requests to one server. */
export interface ApiClient {
  get(path: string, headers?: Headers): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  delete(path: string, headers?: Headers): Promise<Answer>;
}

type Agent = ReturnType<typeof supertest>;

/**
 * Returns a client of the agent that `open` returns at the first request. A `supertest.agent` keeps
 * cookies like a browser, a plain `supertest` does not.
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

/** Returns a client without cookies of the server at a URL. */
export const clientAt = (url: string): ApiClient => createApiClient(() => supertest(url));

async function toAnswer(request: supertest.Test): Promise<Answer> {
  const { status, body, text, headers } = await request;
  return { status, body, text, headers };
}
