/**
 * Thrown by a provider to refuse a question, with a message for the shopper. A shop's own
 * providers, which cannot import this class, throw any error whose `name` is `Refusal`.
 */
export class RefusalError extends Error {
  override readonly name = "Refusal";
}
