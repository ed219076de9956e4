/**
 * Returns each line's share of a fixed discount, in proportion to the lines' net amounts. All
 * amounts are in the currency's smallest unit; shares may be fractions, as Medusa stores them. The
 * shares never exceed the lines' sum; a line with a net amount of 0 receives no share.
 */
export function prorate(amount: number, netAmounts: readonly number[]): number[] {
  const sum = netAmounts.reduce((total, net) => total + net, 0);
  if (sum <= 0) return netAmounts.map(() => 0);
  const shared = Math.min(amount, sum);
  return netAmounts.map((net) => shared * (net / sum));
}
