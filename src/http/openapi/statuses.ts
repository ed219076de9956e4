import { STATUS_CODES } from "node:http";

const descriptions: Readonly<Record<number, string>> = {
  200: "The request was carried out.",
  204: "The request was carried out. The answer has no body.",
  400: "The request is not valid, or the present state does not allow it. `message` says why.",
  401: "No customer is logged in, or a login, token or order does not allow the request.",
  404: "What the request names does not exist, or is not the client's to see.",
  409: "The present state forbids it, for example too little stock, or another request interfered.",
  422:
    "It exists already, the payment was not authorized, or the Idempotency-Key belongs to " +
    "another request.",
  429: "Too many attempts. `Retry-After` says when the next one is accepted, in seconds.",
  503:
    "A payment provider or another service does not answer. The same request may succeed later: " +
    "see `Retry-After`.",
};

/** Returns what a status of this API means, as a sentence. */
export const describeStatus = (status: number): string =>
  descriptions[status] ?? STATUS_CODES[status] ?? String(status);
