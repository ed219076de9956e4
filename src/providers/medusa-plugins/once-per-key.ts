import { LRUCache } from "lru-cache";

/** How many answers are remembered. */
const MAX_ANSWERS = 5000;

/**
 * Returns a function that runs the work of each key once and returns the same answer again: classes
 * of Medusa's know no idempotency keys. A failure is not remembered. Another process does the work
 * again.
 */
export function oncePerKey<A extends object>(): (
  key: string,
  work: () => Promise<A>,
) => Promise<A> {
  const answers = new LRUCache<string, Promise<A>>({ max: MAX_ANSWERS });
  return (key, work) => {
    const earlier = answers.get(key);
    if (earlier) return earlier;
    const answer = work();
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
