import { posix } from "node:path";
import { pathToRegexp } from "path-to-regexp";
import { InvalidDataError } from "../../core/errors.ts";
import type { Route } from "../routing/route.ts";

/** What this server answers beside its routes, with everything below. */
const PAGES = /^\/(health|ready|docs|openapi\.json|postman\.json|demo\/pictures)(\/|$)/i;

/** A path may be percent-encoded again and again; nobody means more than this. */
const MAX_DECODINGS = 4;

/** Knows which requests are this server's own, by the rules by which Express matches routes. */
export class OwnPaths {
  private readonly routes: readonly { method: string; pattern: RegExp }[];

  constructor(routes: readonly Pick<Route, "method" | "path">[]) {
    this.routes = routes.map(({ method, path }) => ({
      method,
      pattern: pathToRegexp(path, { sensitive: false, trailing: true }).regexp,
    }));
  }

  /** Returns whether this server answers a method at a path. */
  answers(method: string, path: string): boolean {
    if (PAGES.test(path)) return true;
    const asked = method === "HEAD" ? "GET" : method;
    return this.routes.some(
      (route) => (asked === "OPTIONS" || route.method === asked) && route.pattern.test(path),
    );
  }

  /**
   * Returns whether a path that is not this server's own would be if it were written plainly. The
   * other server may read it so (`/store%2Fcarts`, `/store//carts`), and would then do without our
   * limits and locks what we do with them.
   * @throws InvalidDataError if it is not valid percent-encoding
   */
  areMeantBy(path: string): boolean {
    const plain = writtenPlainly(path);
    return plain !== path && (PAGES.test(plain) || this.answers("OPTIONS", plain));
  }
}

function writtenPlainly(path: string): string {
  let plain = path;
  try {
    for (let times = 0; times < MAX_DECODINGS && plain.includes("%"); times++)
      plain = decodeURIComponent(plain);
  } catch {
    throw new InvalidDataError("The URL is not valid percent-encoding");
  }
  return posix.normalize(plain.replaceAll("\\", "/"));
}
