import {
  ConflictError,
  DuplicateError,
  InvalidDataError,
  NotAllowedError,
  NotFoundError,
  type ShopError,
  UnavailableError,
} from "../core/errors.ts";

/** What PostgreSQL and its driver report about a failed statement. */
interface DatabaseFailure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly detail?: string;
  readonly syscall?: string;
}

const CONFLICTED =
  "The request conflicted with another request. " +
  "You may retry the request with the provided Idempotency-Key.";
const UNAVAILABLE = "A part of the shop is not available at the moment. Try again shortly.";
const REFUSED = "The shop's database does not allow this.";
const TOO_LONG =
  "The request took too long and was stopped. Request less at once, or try again later.";

/** Errors for violated constraints where the general message would not help the client. */
const BY_CONSTRAINT: Readonly<Record<string, () => ShopError>> = {
  IDX_unique_email_for_guests_and_customer_accounts: () =>
    new DuplicateError("A customer with the given email already has an account. Log in instead"),
};

/** Errors by SQLSTATE, or by its first two or three characters. */
const BY_STATE: Readonly<Record<string, (failure: DatabaseFailure) => ShopError>> = {
  "23505": (failure) => new DuplicateError(duplicateMessage(failure)),
  "23503": (failure) => missingRowError(failure),
  "23502": ({ column, table }) =>
    new InvalidDataError(`Can't insert null value in field ${column} on insert in table ${table}`),
  "23514": () => new InvalidDataError("A value is outside the allowed range"),
  "22": () =>
    new InvalidDataError("A value cannot be read, or is outside the range that can be stored"),
  P0001: () => new NotAllowedError(REFUSED),
  "21000": () => new InvalidDataError("The request names the same item more than once"),
  "40001": () => new ConflictError(CONFLICTED),
  "40P01": () => new ConflictError(CONFLICTED),
  "55P03": () => new ConflictError(CONFLICTED),
  "57014": () => new UnavailableError(TOO_LONG),
  "54": () => new InvalidDataError("The request asks for more than one statement can process"),
  "08": () => new UnavailableError(UNAVAILABLE),
  "25P04": () => new UnavailableError(TOO_LONG),
  "25P03": () => new UnavailableError(UNAVAILABLE),
  "53": () => new UnavailableError(UNAVAILABLE),
  "57P": () => new UnavailableError(UNAVAILABLE),
};

const UNAVAILABLE_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
const UNAVAILABLE_MESSAGES = [
  "Connection terminated",
  "timeout expired",
  "timeout exceeded when trying to connect",
  "Client has encountered a connection error",
  "The server does not support SSL",
  "Client was closed",
];
/** Knex puts the statement that failed before the driver's message: "ROLLBACK - Connection …". */
const UNAVAILABLE_PATTERN = new RegExp(
  String.raw`^(?:(?:BEGIN|COMMIT|ROLLBACK)\b[^-]*- )?(${UNAVAILABLE_MESSAGES.join("|")})`,
);

/**
 * Returns the shop's error for a failure of the database or its driver, found by the driver's
 * message about a lost connection, by the constraint's name, or by the SQLSTATE. Undefined for
 * every other error, which is a bug of ours.
 */
export function shopErrorOf(error: unknown): ShopError | undefined {
  if (!(error instanceof Error)) return;
  const failure: DatabaseFailure = error;
  if (failure.name === "KnexTimeoutError" || failure.name === "TimeoutError")
    return new UnavailableError(UNAVAILABLE);
  const code = failure.code ?? "";
  if (isLostConnection(failure)) return new UnavailableError(UNAVAILABLE);
  if (!/^[0-9A-Z]{5}$/.test(code)) return;
  const byConstraint = BY_CONSTRAINT[failure.constraint ?? ""];
  if (byConstraint) return byConstraint();
  return (BY_STATE[code] ?? BY_STATE[code.slice(0, 3)] ?? BY_STATE[code.slice(0, 2)])?.(failure);
}

function isLostConnection({ code = "", syscall, message = "" }: DatabaseFailure): boolean {
  return UNAVAILABLE_CODES.has(code) || syscall === "connect" || UNAVAILABLE_PATTERN.test(message);
}

/** Returns whether an error says that a server cannot be reached, is stopping or is starting. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const failure: DatabaseFailure = error;
  return isLostConnection(failure) || /^(08|57P)/.test(failure.code ?? "");
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Returns a message such as `Customer with email, has_account a@b.co, true already exists.` for the
 * detail `Key (email, has_account)=(a@b.co, true) already exists.`
 */
function duplicateMessage({ table = "row", detail = "" }: DatabaseFailure): string {
  const key = /^Key \((.*)\)=\((.*)\) already exists\.$/.exec(detail);
  return key
    ? `${capitalized(table)} with ${key[1]} ${key[2]} already exists.`
    : `${capitalized(table)} already exists.`;
}

/**
 * Returns an error such as `Region with id reg_nope does not exist.`, or a ConflictError if other
 * rows still refer to the row.
 */
function missingRowError({ detail = "" }: DatabaseFailure): ShopError {
  const key = /^Key \(([\w, ]+)\)=\((.*)\) is not present in table "(\w+)"\.$/.exec(detail);
  if (!key) return new ConflictError("Other data still refers to it.");
  return new NotFoundError(`${capitalized(key[3]!)} with ${key[1]} ${key[2]} does not exist.`);
}

/**
 * The classes of SQLSTATE that say nothing about what was asked: lost connections, conflicts, lack
 * of resources, a server that stops.
 */
const TRANSIENT_CLASSES = new Set(["08", "25", "40", "53", "55", "57", "58", "F0", "XX"]);

/**
 * Returns the refusal, in words, of a statement that PostgreSQL refuses for good: a constraint, a
 * value that does not fit, a trigger's exception. Undefined where the same statement may succeed
 * later, and for anything else that is thrown.
 */
export function databaseRefusalOf(error: unknown): ShopError | undefined {
  const { code } = error instanceof Error ? (error as DatabaseFailure) : {};
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return;
  if (TRANSIENT_CLASSES.has(code.slice(0, 2))) return;
  const refusal = shopErrorOf(error);
  return refusal instanceof InvalidDataError ? refusal : new NotAllowedError(REFUSED);
}
