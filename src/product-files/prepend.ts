/** Yields what was read ahead, and then the rest of a text. */
export async function* prepend(
  head: string,
  rest: AsyncIterator<string>,
): AsyncGenerator<string, void> {
  yield head;
  for (;;) {
    const { value, done } = await rest.next();
    if (done) return;
    yield value;
  }
}
