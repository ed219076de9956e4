const queues = new Map<string, Promise<unknown>>();

/**
 * Runs works with the same key one after another within this process, in the order they came, and
 * works with other keys beside them. Writes to one cart wait here, before they take a connection:
 * waiting for a row lock would hold one each and empty the pool.
 */
export async function serializeByKey<T>(key: string, execute: () => Promise<T>): Promise<T> {
  const previous = queues.get(key);
  const current = (async () => {
    await previous?.catch(() => undefined);
    return execute();
  })();
  queues.set(key, current);
  try {
    return await current;
  } finally {
    if (queues.get(key) === current) queues.delete(key);
  }
}
