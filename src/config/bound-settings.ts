import { bytes, wholeNumber } from "./readers.ts";

/** The settings that bound what clients may send and what is kept for them. */
export const boundSettings = {
  TEXT_LIMIT: bytes.prefault("16kb"),
  METADATA_LIMIT: bytes.prefault("16kb"),
  METADATA_DEPTH: wholeNumber(1, 90).prefault("20"),
  CART_METADATA_LIMIT: bytes.prefault("256kb"),
  CART_MAX_LINES: wholeNumber(1, 100_000).prefault("250"),
  CART_MAX_QUANTITY: wholeNumber(1, 2_147_483_647).prefault("10000"),
  CART_MAX_GIFT_CARDS: wholeNumber(0, 100_000).prefault("100"),
  CART_MAX_CODES: wholeNumber(1, 1000).prefault("20"),
  MAX_ADDRESSES: wholeNumber(1, 100_000).prefault("100"),
  MAX_PAYMENT_SESSIONS: wholeNumber(1, 1000).prefault("10"),
  MAX_WAITING: wholeNumber(1, 100_000).prefault("100"),
  ORDER_PLACEMENT_SECONDS: wholeNumber(1, 3600).prefault("10"),
  EXPAND_DEPTH: wholeNumber(1, 5).prefault("5"),
  EXPAND_RELATIONS: wholeNumber(1, 1000).prefault("40"),
  ANSWER_ROWS: wholeNumber(100, 10_000_000).prefault("25000"),
  ANSWER_LIMIT: bytes.prefault("16mb"),
  IDEMPOTENCY_LIMIT: bytes.prefault("64kb"),
  IDEMPOTENCY_HOURLY_LIMIT: bytes.prefault("16mb"),
  HTTP_SEND_SECONDS: wholeNumber(1, 3600).prefault("60"),
  HTTP_SEND_LIMIT: bytes.prefault("64mb"),
};

type Given = { readonly [Name in keyof typeof boundSettings]: number };

/** Arranges the bounds by what they bound. */
export function arrangeBounds(given: Given) {
  const metadata = { bytes: given.METADATA_LIMIT, depth: given.METADATA_DEPTH };
  return {
    /** Of one text in a body, in bytes. */
    text: given.TEXT_LIMIT,
    /** Of one metadata, context or data. */
    metadata,
    cart: {
      lines: given.CART_MAX_LINES,
      /** Of one line. */
      quantity: given.CART_MAX_QUANTITY,
      /** Bought with one cart. */
      boughtGiftCards: given.CART_MAX_GIFT_CARDS,
      /** Discounts, and gift cards that pay: so many of each. */
      codes: given.CART_MAX_CODES,
      metadata,
      /** Of context and all metadata of one cart, in bytes. */
      metadataBytes: given.CART_METADATA_LIMIT,
    },
    /** In one customer's address book. */
    addresses: given.MAX_ADDRESSES,
    /** Of one payment collection. */
    paymentSessions: given.MAX_PAYMENT_SESSIONS,
    /** Requests for one cart, order edit or Idempotency-Key in one process. */
    waiting: given.MAX_WAITING,
    placementSeconds: given.ORDER_PLACEMENT_SECONDS,
    /** Of one answer. */
    answer: {
      /** Of the relations that a client names. */
      depth: given.EXPAND_DEPTH,
      relations: given.EXPAND_RELATIONS,
      rows: given.ANSWER_ROWS,
      bytes: given.ANSWER_LIMIT,
    },
    /** Answers that are stored under Idempotency-Keys. */
    storedAnswers: {
      bytes: given.IDEMPOTENCY_LIMIT,
      /** For one client's address. */
      hourlyBytes: given.IDEMPOTENCY_HOURLY_LIMIT,
    },
    /** Answers that their clients have not read yet. */
    unread: {
      /** How long a client may take to read one. */
      seconds: given.HTTP_SEND_SECONDS,
      /** Of all together, in bytes. */
      bytes: given.HTTP_SEND_LIMIT,
    },
  };
}
