import { pathToRegexp } from "path-to-regexp";
import type { Route } from "./route.ts";

type Known = Pick<Route, "method" | "path" | "catalogue">;

/** Finds routes by the rules by which Express matches them. */
export class RoutePatterns {
  readonly #routes: readonly { readonly route: Known; readonly pattern: RegExp }[];

  constructor(routes: readonly Known[]) {
    this.#routes = routes.map((route) => ({
      route,
      pattern: pathToRegexp(route.path, { sensitive: false, trailing: true }).regexp,
    }));
  }

  /** Returns the route that answers a method at a path without its query, if there is one. */
  find(method: string, path: string): Known | undefined {
    const asked = method === "HEAD" ? "GET" : method;
    const found = this.#routes.filter(
      ({ route, pattern }) => route.method === asked && pattern.test(path),
    );
    // A fixed path comes before one with parameters, as Express tries them.
    return (found.find(({ route }) => !route.path.includes(":")) ?? found[0])?.route;
  }
}
