/**
 * A provider's way to say no to what was asked, in words for the shopper. Providers of a shop's
 * own, which cannot import it, throw any error whose `name` is `Refusal`.
 */
export class RefusalError extends Error {
  override readonly name = "Refusal";
}
