/** `pending`: the payment could not be refunded or voided yet. */
export type PaymentAfterRefusal = "voided" | "refunded" | "pending";

/**
 * What the shop refuses, in Medusa's words: `type` is the `type` of Medusa's error body, `code` its
 * optional second word. Which HTTP status each becomes is decided in one place,
 * `http/send-error.ts`.
 */
export abstract class ShopError extends Error {
  abstract readonly type: string;
  /** A word for programs, where the API defines one (`insufficient_inventory`). */
  readonly code: string | undefined;
  /** What became of the payment that was made before the refusal; undefined where none was. */
  payment: PaymentAfterRefusal | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** What was asked for is not there, or not for the one who asks. 404. */
export class NotFoundError extends ShopError {
  readonly type = "not_found";
}

/** What was sent cannot be read or does not make sense. 400. */
export class InvalidDataError extends ShopError {
  readonly type = "invalid_data";
}

/** A rule of the shop forbids it in the present state. 400. */
export class NotAllowedError extends ShopError {
  readonly type = "not_allowed";
}

/** It exists already. 422. */
export class DuplicateError extends ShopError {
  readonly type = "duplicate_error";
}

/** The Idempotency-Key belongs to another request. 422, and not 409, since clients repeat a 409. */
export class IdempotencyKeyReusedError extends ShopError {
  readonly type = "idempotency_error";
}

/** It collided with something that changed meanwhile; asking again may succeed. 409. */
export class ConflictError extends ShopError {
  readonly type = "conflict";
}

/**
 * What is due is no longer what the shopper agreed to. 409; asking again helps only after they did.
 */
export class AmountChangedError extends ConflictError {}

/** The payment provider did not authorise. 422. */
export class PaymentNotAuthorizedError extends ShopError {
  readonly type = "payment_authorization_error";
}

/** Nobody, or not the right one, is logged in. 401, the plain text `Unauthorized` as in Medusa. */
export class UnauthorizedError extends ShopError {
  readonly type = "unauthorized";

  constructor() {
    super("Unauthorized");
  }
}

/** What was shown as proof (a reset token, a claim token) proves nothing. 401, with a body. */
export class InvalidTokenError extends ShopError {
  readonly type = "unauthorized";
}

/** Asked too often. 429. */
export class TooManyRequestsError extends ShopError {
  readonly type = "too_many_requests";

  constructor() {
    super("Too many requests. Try again later.");
  }
}

/** A part that the answer needs is away for the moment (database, sessions, a provider). 503. */
export class UnavailableError extends ShopError {
  readonly type = "unavailable";
}

/**
 * Several faults at once, as Medusa words refusals of publishable keys and completions: `{ errors,
 * message }` without a type. 400.
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
 * There are not enough pieces of what is to be ordered; each line that lacks some is named. 409, in
 * Medusa's form.
 */
export class OutOfStockError extends MultipleErrors {
  constructor(variantIds: readonly string[]) {
    const messages = variantIds.map(
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

/** Whether a refusal stays one until a person does something. */
export function isFinal(error: unknown): error is ShopError {
  if (!(error instanceof ShopError) || error instanceof UnavailableError) return false;
  return error instanceof AmountChangedError || !(error instanceof ConflictError);
}
