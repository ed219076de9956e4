/**
 * An answer other than `200` with a JSON body. A string body is sent as plain text, as Medusa sends
 * `OK` and `Unauthorized`.
 */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/**
 * An answer of the moment: it is not kept under the caller's Idempotency-Key, so asking again goes
 * on instead of getting it once more.
 */
export class TransientReply extends Reply {}
