/**
 * An answer other than status 200 with a JSON body. A string body is sent as plain text, as Medusa
 * sends `OK` and `Unauthorized`.
 */
export class Reply {
  constructor(
    readonly status: number,
    readonly body?: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/**
 * A temporary answer. It is not stored under the Idempotency-Key, so a repeat continues the work
 * instead of receiving it again.
 */
export class TransientReply extends Reply {}
