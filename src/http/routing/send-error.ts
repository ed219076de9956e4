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
 * Turns every error into an answer: `{ code?, type, message }` and a status, as in Medusa. An
 * unexpected error is logged and answered without details.
 */
export const sendError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const known = error instanceof ShopError ? error : shopErrorOf(error);
  const refusal = known ? refusalOf(known) : (refusalOfExpress(error) ?? UNEXPECTED);
  if (refusal.status >= 500)
    req.log.error({ request: req.id, event: "request_failed", err: error }, refusal.body.message);
  if (res.headersSent) {
    if (!res.writableEnded) next(error);
    return;
  }
  if (known instanceof UnauthorizedError) res.status(401).type("text/plain").send("Unauthorized");
  else sendRefusal(res, refusal);
};

function sendRefusal(res: Response, { status, body }: Refusal): void {
  // A pause before the retry takes load off a slow or unavailable service.
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

/** Messages for what Express and its parsers refuse, by the `type` of the parsers' errors. */
const PARSER_MESSAGES: Readonly<Record<string, string>> = {
  "entity.parse.failed": "The body is not valid JSON",
  "entity.too.large": "The body is too large",
  "charset.unsupported": "The charset of the body is not supported: send UTF-8",
  "encoding.unsupported": "The content encoding of the body is not supported",
  "request.aborted": "The connection ended before the body was complete",
  "request.size.invalid": "The length of the body differs from the Content-Length header",
};

function refusalOfExpress(error: unknown): Refusal | undefined {
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (typeof status !== "number" || status < 400 || status > 499) return;
  const message =
    error instanceof URIError
      ? "The URL is not valid percent-encoding"
      : PARSER_MESSAGES[String(type)];
  return {
    status,
    body: { type: "invalid_data", message: message ?? "The request cannot be read" },
  };
}
