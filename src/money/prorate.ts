/**
 * Each line's share of a fixed discount, in proportion to what the line is worth; fractions stay,
 * as Medusa stores them. All shares together never take more than the lines are worth; lines worth
 * nothing take none. `amount` and `worths` are in the smallest unit.
 */
export function prorate(amount: number, netAmounts: readonly number[]): number[] {
  const sum = netAmounts.reduce((total, net) => total + net, 0);
  if (sum <= 0) return netAmounts.map(() => 0);
  const taken = Math.min(amount, sum);
  return netAmounts.map((worth) => taken * (worth / sum));
}
