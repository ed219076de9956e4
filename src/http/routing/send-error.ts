import type { ErrorRequestHandler, Response } from "express";
import {
  ConflictError,
  DuplicateError,
  IdempotencyKeyReusedError,
  InvalidTokenError,
  MultipleErrors,
  NotFoundError,
  OutOfStockError,
  type PaymentAfterRefusal,
  PaymentNotAuthorizedError,
  ShopError,
  TooManyRequestsError,
  UnauthorizedError,
  UnavailableError,
} from "../../core/errors.ts";
import { shopErrorOf } from "../../database/database-errors.ts";

interface Refusal {
  readonly status: number;
  readonly body: {
    code?: string | undefined;
    type?: string;
    message: string;
    errors?: readonly unknown[];
  };
}

const UNEXPECTED: Refusal = {
  status: 500,
  body: { code: "unknown_error", type: "unknown_error", message: "An unknown error occurred." },
};

/**
 * The one place where errors become answers: `{ code?, type, message }` and a status, as in Medusa;
 * what nobody expected is logged and says nothing.
 */
export const sendError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const known = error instanceof ShopError ? error : shopErrorOf(error);
  const refusal = known ? refusalOf(known) : (refusalOfExpress(error) ?? UNEXPECTED);
  if (refusal.status >= 500) req.log.error({ err: error }, refusal.body.message);
  if (res.headersSent) {
    if (!res.writableEnded) next(error);
    return;
  }
  if (known instanceof UnauthorizedError) res.status(401).type("text/plain").send("Unauthorized");
  else sendRefusal(res, refusal);
};

function sendRefusal(res: Response, { status, body }: Refusal): void {
  // After a statement that ran too long or a part that is away: a moment's patience helps everyone.
  if (status === 503) res.set("Retry-After", "2");
  res.status(status).json(body);
}

function refusalOf(error: ShopError): Refusal {
  const { status, code } = kindOf(error);
  const message = messageOf(error);
  if (error instanceof MultipleErrors) return { status, body: { errors: error.errors, message } };
  return { status, body: { code: error.code ?? code, type: error.type, message } };
}

const PAYMENT_SENTENCES: Readonly<Record<PaymentAfterRefusal, string>> = {
  voided: "The payment was cancelled.",
  refunded: "The payment was refunded.",
  pending: "The payment will be given back.",
};

/** Returns the error's message, and what became of the payment, if one was made. */
function messageOf({ message, payment }: ShopError): string {
  return payment ? `${message.replace(/\.$/, "")}. ${PAYMENT_SENTENCES[payment]}` : message;
}

function kindOf(error: ShopError): { status: number; code?: string } {
  if (error instanceof NotFoundError) return { status: 404 };
  if (error instanceof UnauthorizedError || error instanceof InvalidTokenError)
    return { status: 401 };
  if (error instanceof TooManyRequestsError) return { status: 429 };
  if (error instanceof DuplicateError) return { status: 422, code: "invalid_request_error" };
  if (error instanceof IdempotencyKeyReusedError) return { status: 422 };
  if (error instanceof PaymentNotAuthorizedError) return { status: 422 };
  if (error instanceof ConflictError) return { status: 409, code: "invalid_state_error" };
  if (error instanceof OutOfStockError) return { status: 409 };
  if (error instanceof UnavailableError) return { status: 503 };
  return { status: 400 };
}

/**
 * Words for what Express and its parsers refuse by a status, keyed by the parsers' own names for
 * it.
 */
const PARSER_WORDS: Readonly<Record<string, string>> = {
  "entity.parse.failed": "The body is not valid JSON",
  "entity.too.large": "The body is too large",
  "charset.unsupported": "The body's charset is not supported: send UTF-8",
  "encoding.unsupported": "The body's content encoding is not supported",
  "request.aborted": "The body ended before it was complete",
  "request.size.invalid": "The body's length is not the one announced",
};

function refusalOfExpress(error: unknown): Refusal | undefined {
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (typeof status !== "number" || status < 400 || status > 499) return;
  const message =
    error instanceof URIError
      ? "The address is not valid percent-encoding"
      : PARSER_WORDS[String(type)];
  return {
    status,
    body: { type: "invalid_data", message: message ?? "The request cannot be read" },
  };
}
