import {
  ConflictError,
  DuplicateError,
  InvalidDataError,
  NotAllowedError,
  NotFoundError,
  type ShopError,
  UnavailableError,
} from "../core/errors.ts";

/** What PostgreSQL and its driver say of a failed statement. */
interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly detail?: string;
  readonly syscall?: string;
}

const COLLIDED =
  "The request conflicted with another request. You may retry the request with the provided Idempotency-Key.";
const AWAY = "A part of the shop is not available at the moment. Try again shortly.";
const REFUSED = "The shop's database does not allow this.";
const TOO_LONG =
  "The request took too long and was stopped. Ask for less at once, or try again later.";

/** What a violated constraint means to the one who asked, where the general words would not do. */
const BY_CONSTRAINT: Readonly<Record<string, () => ShopError>> = {
  IDX_unique_email_for_guests_and_customer_accounts: () =>
    new DuplicateError("A customer with the given email already has an account. Log in instead"),
};

/** By SQLSTATE, or by its first two characters, its class. */
const BY_STATE: Readonly<Record<string, (failure: Failure) => ShopError>> = {
  "23505": (failure) => new DuplicateError(alreadyThere(failure)),
  "23503": (failure) => missing(failure),
  "23502": ({ column, table }) =>
    new InvalidDataError(`Can't insert null value in field ${column} on insert in table ${table}`),
  "23514": () => new InvalidDataError("A value is outside of what is allowed"),
  "22": () => new InvalidDataError("A value cannot be read, or is outside of what can be stored"),
  P0001: () => new NotAllowedError(REFUSED),
  "21000": () => new InvalidDataError("The same thing is named more than once"),
  "40001": () => new ConflictError(COLLIDED),
  "40P01": () => new ConflictError(COLLIDED),
  "55P03": () => new ConflictError(COLLIDED),
  "57014": () => new UnavailableError(TOO_LONG),
  "54": () => new InvalidDataError("The request asks for more than one statement can hold"),
  "08": () => new UnavailableError(AWAY),
  "25P03": () => new UnavailableError(AWAY),
  "53": () => new UnavailableError(AWAY),
  "57P": () => new UnavailableError(AWAY),
};

const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
const AWAY_WORDS =
  /^(?:(?:BEGIN|COMMIT|ROLLBACK)\b[^-]*- )?(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|The server does not support SSL|Client was closed)/;

/**
 * The shop's error for a failure of the database or its driver: by constraint name first, then by
 * SQLSTATE, then by what the driver says of a lost connection. Undefined for everything else, which
 * is a fault of ours.
 */
export function shopErrorOf(error: unknown): ShopError | undefined {
  if (!(error instanceof Error)) return;
  const failure: Failure = error;
  if (failure.name === "KnexTimeoutError" || failure.name === "TimeoutError")
    return new UnavailableError(AWAY);
  const code = failure.code ?? "";
  if (AWAY_CODES.has(code) || failure.syscall === "connect" || AWAY_WORDS.test(error.message))
    return new UnavailableError(AWAY);
  if (!/^[0-9A-Z]{5}$/.test(code)) return;
  const byConstraint = BY_CONSTRAINT[failure.constraint ?? ""];
  if (byConstraint) return byConstraint();
  return (BY_STATE[code] ?? BY_STATE[code.slice(0, 3)] ?? BY_STATE[code.slice(0, 2)])?.(failure);
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * `Customer with email, has_account a@b.co, true already exists.` from the detail `Key (email,
 * has_account)=(a@b.co, true) already exists.`
 */
function alreadyThere({ table = "row", detail = "" }: Failure): string {
  const key = /^Key \((.*)\)=\((.*)\) already exists\.$/.exec(detail);
  return key
    ? `${capitalized(table)} with ${key[1]} ${key[2]} already exists.`
    : `${capitalized(table)} already exists.`;
}

/**
 * `Region with id reg_nope does not exist.`; a row that others still point to is a conflict
 * instead.
 */
function missing({ detail = "" }: Failure): ShopError {
  const key = /^Key \(([\w, ]+)\)=\((.*)\) is not present in table "(\w+)"\.$/.exec(detail);
  if (!key) return new ConflictError("Something else still refers to it.");
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
  const { code } = error instanceof Error ? (error as Failure) : {};
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return;
  if (TRANSIENT_CLASSES.has(code.slice(0, 2))) return;
  const refusal = shopErrorOf(error);
  return refusal instanceof InvalidDataError ? refusal : new NotAllowedError(REFUSED);
}
