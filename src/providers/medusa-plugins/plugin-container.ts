import type { Log } from "../../runtime/log.ts";

/** A plugin asks for a part of Medusa that this server does not have. */
export class MissingPartError extends Error {
  constructor(readonly part: string) {
    super(`Nettle has no ${part} for plugins of Medusa`);
  }
}

/** What JavaScript itself asks of an object; the answer is that there is none. */
const ASKED_BY_LANGUAGE = new Set(["then", "toJSON", "constructor", "inspect", "nodeType"]);

/**
 * Returns what a plugin's class receives as Medusa's container: a logger, the feature flags (all
 * off), and the configuration. Nothing leads to the database or to Medusa's services.
 * Reading anything else throws MissingPartError.
 */
export function pluginContainer(log: Log, configuration: object): object {
  const parts: Readonly<Record<string, unknown>> = {
    logger: pluginLogger(log),
    configModule: configuration,
    featureFlagRouter: { isFeatureEnabled: () => false },
    // Medusa's base classes read it, and use it only for transactions.
    manager: undefined,
  };
  return new Proxy(parts, {
    get: (target, name) => {
      if (typeof name === "symbol" || ASKED_BY_LANGUAGE.has(name)) return undefined;
      if (Object.hasOwn(target, name)) return target[name];
      throw new MissingPartError(name);
    },
  });
}

/** The methods of Medusa's logger, which write to the shop's log. */
function pluginLogger(log: Log) {
  const about = { event: "medusa_plugin" };
  const error = (message: unknown, cause?: unknown) =>
    log.error({ ...about, err: message instanceof Error ? message : cause }, String(message));
  return {
    error,
    failure: error,
    panic: error,
    warn: (message: unknown) => log.warn(about, String(message)),
    info: (message: unknown) => log.info(about, String(message)),
    log: (message: unknown) => log.info(about, String(message)),
    success: (message: unknown) => log.info(about, String(message)),
    debug: (message: unknown) => log.debug(about, String(message)),
    verbose: (message: unknown) => log.debug(about, String(message)),
    progress: (message: unknown) => log.debug(about, String(message)),
    activity: (message: unknown) => log.debug(about, String(message)),
    shouldLog: () => true,
    setLogLevel: () => undefined,
    unsetLogLevel: () => undefined,
  };
}
