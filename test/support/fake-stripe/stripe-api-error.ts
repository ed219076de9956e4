/** An error as Stripe's API answers it. */
export class StripeApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: {
      readonly type: string;
      readonly message: string;
      readonly code?: string;
      readonly param?: string;
      readonly [more: string]: unknown;
    },
  ) {
    super(body.message);
  }

  /** Whether the parameters are refused before the operation runs. */
  get isOfParameters(): boolean {
    return this.status === 401 || this.body.param !== undefined;
  }
}

/** A request that cannot be fulfilled as it is. */
export function invalidRequest(message: string, code?: string, param?: string): StripeApiError {
  return new StripeApiError(400, {
    type: "invalid_request_error",
    message,
    ...(code ? { code } : {}),
    ...(param ? { param } : {}),
  });
}

/** A request about an object that the account does not have. */
export function resourceMissing(what: string, id: string, param?: string): StripeApiError {
  return new StripeApiError(param ? 400 : 404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${what}: '${id}'`,
    param: param ?? "intent",
  });
}

/** A request that names neither the account nor an intent's secret. */
export function unauthorized(message: string): StripeApiError {
  return new StripeApiError(401, { type: "invalid_request_error", message });
}

/** The body of an error that no operation answers. */
export function apiError(type: string, message: string, code?: string) {
  return { error: { type, message, ...(code ? { code } : {}) } };
}

/** An idempotency key was used for another request. */
export const idempotencyError = (key: string) => ({
  status: 400,
  body: apiError(
    "idempotency_error",
    "Keys for idempotent requests can only be used with the same parameters they were first " +
      `used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  ),
});

/** An idempotency key is used by a request that is still served. */
export const keyInUse = (key: string) => ({
  status: 409,
  body: apiError(
    "idempotency_error",
    `There is currently another in-progress request using the idempotency key ${key}.`,
    "idempotency_key_in_use",
  ),
});
