import type { Request, RequestHandler, Response } from "express";
import session, { type Store } from "express-session";
import type { Config } from "../../config/config.ts";
import { UnavailableError } from "../../core/errors.ts";
import type { LoginSession } from "../../core/request-context.ts";

declare module "express-session" {
  /** Medusa's own fields, so that both servers understand each other's sessions. */
  interface SessionData {
    customer_id?: string;
    /** The customer's password version when the session began; Medusa does not set it. */
    password_version?: number;
    /** The admin who is logged in to the Medusa backend on the same host. */
    user_id?: string;
  }
}

/**
 * Reads and writes sessions by Medusa's cookie. A visitor without a login has no session and does
 * not touch the store. While the store is unavailable, only requests that carry a session cookie
 * are refused, with 503.
 */
export function sessions(config: Config, store: Store): RequestHandler {
  const handle = session({
    name: config.session.cookieName,
    secret: [...config.secrets.cookie],
    store,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { ...cookieOptions(config), maxAge: config.session.seconds * 1000 },
  });
  return (req, res, next) => {
    // Only a login begins a session, and no GET logs in.
    if (req.method === "GET" && !req.cookies[config.session.cookieName]) return next();
    void handle(req, res, (error?: unknown) => {
      next(error ? storeUnavailableError(error) : undefined);
    });
  };
}

/** Returns what a request may do with its browser's session. */
export function browserSession(req: Request, res: Response, config: Config): LoginSession {
  return {
    async logIn(customerId, passwordVersion) {
      const { user_id } = req.session;
      await awaitCallback((done) => req.session.regenerate(done));
      if (user_id) req.session.user_id = user_id;
      req.session.customer_id = customerId;
      req.session.password_version = passwordVersion;
      // Saved before the answer, so that the client can use the cookie at once.
      await awaitCallback((done) => req.session.save(done));
    },
    async updatePasswordVersion(passwordVersion) {
      if (!req.session.customer_id) return;
      req.session.password_version = passwordVersion;
      await awaitCallback((done) => req.session.save(done));
    },
    async logOut() {
      delete req.session.customer_id;
      delete req.session.password_version;
      if (req.session.user_id) return awaitCallback((done) => req.session.save(done));
      await awaitCallback((done) => req.session.destroy(done));
      if (req.cookies[config.session.cookieName]) {
        res.clearCookie(config.session.cookieName, {
          ...cookieOptions(config),
          secure: config.session.secure === "on" || req.secure,
        });
      }
    },
  };
}

function cookieOptions(config: Config) {
  const { sameSite, secure } = config.session;
  return {
    path: "/",
    httpOnly: true,
    sameSite,
    secure: secure === "auto" ? ("auto" as const) : secure === "on",
  };
}

function storeUnavailableError(cause: unknown): UnavailableError {
  return Object.assign(
    new UnavailableError("Sessions are not available at the moment. Try again shortly."),
    { cause },
  );
}

function awaitCallback(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(storeUnavailableError(error)) : resolve()));
  });
}
