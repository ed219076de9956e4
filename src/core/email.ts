import validateEmail from "validator/lib/isEmail.js";

/**
 * Returns whether a text is an e-mail address for Medusa, which uses the same validator with the
 * same options: `a@b.co`; no display name, no IP address, a domain with a dot.
 */
export function isEmail(text: string): boolean {
  return validateEmail(text);
}
