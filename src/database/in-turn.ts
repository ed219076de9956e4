const lines = new Map<string, Promise<unknown>>();

/**
 * Runs works with the same key one after another within this process, in the order they came, and works with other keys beside them. Writes
 * to one cart wait here, before they take a connection: waiting for a row lock would hold one each and empty the pool.
 */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(key);
  const mine = (async () => {
    await before?.catch(() => undefined);
    return work();
  })();
  lines.set(key, mine);
  try {
    return await mine;
  } finally {
    if (lines.get(key) === mine) lines.delete(key);
  }
}
