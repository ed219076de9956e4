import type { ApiClient } from "../support/open-shop.ts";

type Headers = Readonly<Record<string, string>>;

/** Returns the titles that a search finds, best first. */
export async function searchTitles(
  shop: ApiClient,
  body: object | string,
  headers: Headers = {},
): Promise<string[]> {
  const answer = await shop.post(
    "/store/products/search",
    typeof body === "string" ? { q: body } : body,
    headers,
  );
  if (answer.status !== 200) throw new Error(`Refused: ${answer.text}`);
  return answer.body.hits.map((hit: { title: string }) => hit.title);
}
