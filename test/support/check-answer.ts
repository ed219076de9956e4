import type { Route } from "../../src/http/routing/route.ts";

/**
 * Checks an answer against the schema that its route declares for the status, as sent over HTTP.
 * @throws Error the route and every violation
 */
export function checkAnswer(route: Route, status: number, body: unknown): void {
  const schema = route.answers[status];
  const where = `${route.method} ${route.path}`;
  if (!schema) throw new Error(`${where} answers ${status}, which it does not declare`);
  const result = schema.safeParse(
    body === undefined ? undefined : JSON.parse(JSON.stringify(body)),
  );
  if (result.success) return;
  const messages = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(
    `${where} breaks its contract for ${status}: ${messages.slice(0, 10).join("; ")}`,
  );
}
