/**
 * The part before the `@`: words of these characters, separated by single dots (`WORD`, `LOCAL`),
 * or any text in quotation marks (`QUOTED`).
 */
const WORD = String.raw`[a-z\d!#$%&'*+\-/=?^_\`{|}~\u00A1-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF]+`;
const LOCAL = new RegExp(String.raw`^${WORD}(\.${WORD})*$`, "i");
const QUOTED = /^"([\s!#-[\]-~\u00A0-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF]|\\[\t-\u007F])*"$/i;
/** A label of a domain: letters, digits and hyphens, without a hyphen at either end. */
const LABEL = /^(?!-)[a-z\d\u00A1-\uFFFF-]{1,63}(?<!-)$/i;
const LAST_LABEL =
  /^([a-z\u00A1-\u00A8\u00AA-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF]{2,}|xn[a-z\d-]{2,})$/i;
const FULL_WIDTH = /[\uFF01-\uFF5E]/;

/**
 * Returns whether a text is an e-mail address by Medusa's rules: like `a@b.co`, without a display
 * name, with a domain that has a dot and is not an IP address.
 */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const domain = text.slice(at + 1);
  if (at < 0 || text.length > 254 || Buffer.byteLength(local) > 64) return false;
  return (LOCAL.test(local) || QUOTED.test(local)) && isDomain(domain);
}

function isDomain(domain: string): boolean {
  const labels = domain.split(".");
  const last = labels.at(-1) ?? "";
  return (
    labels.length > 1 &&
    LAST_LABEL.test(last) &&
    labels.every((label) => LABEL.test(label) && !FULL_WIDTH.test(label))
  );
}
