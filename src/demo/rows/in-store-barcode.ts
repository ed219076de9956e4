/**
 * The n-th EAN-13 of those that a shop may give out itself (they begin with 20), its check digit
 * included.
 */
export function inStoreBarcode(n: number): string {
  const digits = `20${String(n).padStart(10, "0")}`;
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
