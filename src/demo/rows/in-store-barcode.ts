/**
 * Returns the n-th EAN-13 barcode, with check digit, of the range that a shop may assign itself
 * (they begin with 20).
 */
export function inStoreBarcode(n: number): string {
  const digits = `20${String(n).padStart(10, "0")}`;
  const sum = [...digits].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
