/** A place in which two answers differ; undefined where one of them has nothing. */
export interface Difference {
  /** Such as `products[3].title`; "" is the whole body. */
  readonly path: string;
  readonly medusa: unknown;
  readonly nettle: unknown;
}

/**
 * Returns where two JSON bodies differ. The list that a body answers with has an order, which
 * counts. Lists inside of a row have none in Medusa: their rows are matched by id.
 */
export function bodyDifferences(medusa: unknown, nettle: unknown, path = ""): Difference[] {
  if (Array.isArray(medusa) && Array.isArray(nettle)) {
    const isInsideRow = /[.[]/.test(path);
    const [theirs, ours] = isInsideRow ? [byId(medusa), byId(nettle)] : [medusa, nettle];
    return listDifferences(theirs, ours, path);
  }
  if (isRow(medusa) && isRow(nettle)) {
    const names = new Set([...Object.keys(medusa), ...Object.keys(nettle)]);
    return [...names].flatMap((name) =>
      bodyDifferences(medusa[name], nettle[name], path ? `${path}.${name}` : name),
    );
  }
  return Object.is(medusa, nettle) ? [] : [{ path, medusa, nettle }];
}

function listDifferences(
  medusa: readonly unknown[],
  nettle: readonly unknown[],
  path: string,
): Difference[] {
  const theirIds = medusa.map(idOf);
  const ourIds = nettle.map(idOf);
  const isSame = theirIds.join() === ourIds.join();
  const hasIds = theirIds.every(Boolean) && ourIds.every(Boolean);
  // Rows at one place that are not the same row would differ in everything.
  if (hasIds && !isSame) return [{ path: `${path}[*].id`, medusa: theirIds, nettle: ourIds }];
  const length = Math.max(medusa.length, nettle.length);
  return Array.from({ length }, (_, at) =>
    bodyDifferences(medusa[at], nettle[at], `${path}[${at}]`),
  ).flat();
}

function byId(list: readonly unknown[]): unknown[] {
  const keyOf = (value: unknown) => idOf(value) ?? JSON.stringify(value) ?? "";
  return list.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function idOf(value: unknown): string | undefined {
  return isRow(value) && typeof value["id"] === "string" ? value["id"] : undefined;
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
