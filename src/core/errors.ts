/** `pending`: the payment could not be refunded or voided yet. */
export type PaymentAfterRefusal = "voided" | "refunded" | "pending";

/**
 * A refusal of the shop. `type` is the `type` of Medusa's error body, `code` its optional second
 * word. `http/routing/send-error.ts` alone decides which HTTP status each class becomes.
 */
export abstract class ShopError extends Error {
  abstract readonly type: string;
  /** A machine-readable code, where the API defines one (`insufficient_inventory`). */
  readonly code: string | undefined;
  /** What became of the payment that was made before the refusal; undefined where none was. */
  payment: PaymentAfterRefusal | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** The resource does not exist, or is not visible to the client. 404. */
export class NotFoundError extends ShopError {
  readonly type = "not_found";
}

/** The request cannot be parsed or does not make sense. 400. */
export class InvalidDataError extends ShopError {
  readonly type = "invalid_data";
}

/** A rule of the shop forbids the operation in the present state. 400. */
export class NotAllowedError extends ShopError {
  readonly type = "not_allowed";
}

/** The resource exists already. 422. */
export class DuplicateError extends ShopError {
  readonly type = "duplicate_error";
}

/**
 * The Idempotency-Key belongs to another request. 422 rather than 409, since clients repeat a 409.
 */
export class IdempotencyKeyReusedError extends ShopError {
  readonly type = "idempotency_error";
}

/** The request collided with a concurrent change; a repeat may succeed. 409. */
export class ConflictError extends ShopError {
  readonly type = "conflict";
}

/**
 * The amount due is no longer the one that the shopper agreed to. 409; a repeat succeeds only after
 * the shopper has agreed to the new amount.
 */
export class AmountChangedError extends ConflictError {}

/** A provider reports a payment that it does not confirm when it is asked. 409. */
export class PaymentNotConfirmedError extends ConflictError {}

/** The payment provider did not authorize the payment. 422. */
export class PaymentNotAuthorizedError extends ShopError {
  readonly type = "payment_authorization_error";
}

/**
 * No customer is logged in, or the wrong one. 401, with the plain text `Unauthorized`, as in
 * Medusa.
 */
export class UnauthorizedError extends ShopError {
  readonly type = "unauthorized";

  constructor() {
    super("Unauthorized");
  }
}

/**
 * A token that a request presents (for a password reset or an order claim) is not valid. 401, with
 * a body.
 */
export class InvalidTokenError extends ShopError {
  readonly type = "unauthorized";
}

/** The client sent too many requests. 429. */
export class TooManyRequestsError extends ShopError {
  readonly type = "too_many_requests";

  constructor() {
    super("Too many requests. Try again later.");
  }
}

/** A service that the answer needs (database, sessions, a provider) is unavailable. 503. */
export class UnavailableError extends ShopError {
  readonly type = "unavailable";
}

/**
 * Several errors at once, in the form in which Medusa refuses publishable keys and completions: `{
 * errors, message }` without a type. 400.
 */
export class MultipleErrors extends ShopError {
  readonly type = "several";
  readonly errors: readonly unknown[];

  constructor(errors: readonly unknown[], message: string) {
    super(message);
    this.errors = errors;
  }
}

/**
 * There is not enough stock for the order. Names each variant that is short, once. 409, in Medusa's
 * form.
 */
export class OutOfStockError extends MultipleErrors {
  constructor(variantIds: readonly string[]) {
    const messages = [...new Set(variantIds)].map(
      (id) => `Variant with id: ${id} does not have the required inventory`,
    );
    const errors = messages.map((message) => ({
      message,
      type: "not_allowed",
      code: "insufficient_inventory",
    }));
    super(errors, messages.join(". "));
  }
}

/**
 * Returns whether an error is a refusal that a repeat cannot overcome until a person does
 * something.
 */
export function isFinal(error: unknown): error is ShopError {
  if (!(error instanceof ShopError) || error instanceof UnavailableError) return false;
  return error instanceof AmountChangedError || !(error instanceof ConflictError);
}
