import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { StartupError } from "../../core/startup-error.ts";
import type { Log } from "../../runtime/log.ts";
import type { OwnProviders } from "../providers.ts";
import {
  type MedusaFulfillmentService,
  medusaFulfillmentService,
} from "./medusa-fulfillment-service.ts";
import { type MedusaPaymentProcessor, medusaPaymentProcessor } from "./medusa-payment-processor.ts";
import { type MedusaPaymentService, medusaPaymentService } from "./medusa-payment-service.ts";
import { kindOfClass, type PluginClass, type PluginKind } from "./plugin-class.ts";
import { MissingPartError, pluginContainer } from "./plugin-container.ts";

interface Settings {
  /** The shop's folder, with Medusa's configuration and the installed packages. */
  readonly folder: string;
  /** Packages, or folders below the shop's; `.` is the shop itself. */
  readonly plugins: readonly string[];
}

type PluginProviders = Pick<OwnProviders, "payment" | "fulfillment">;
type Loaded = { -readonly [Kind in keyof PluginProviders]: PluginProviders[Kind][number][] };

/**
 * Loads the payment and fulfillment providers of plugins of Medusa 1.x from a shop's own folder,
 * with the options that its `medusa-config.js` gives them. Nothing else of a plugin runs: no
 * routes, subscribers, loaders or migrations.
 * @throws StartupError if a plugin cannot be loaded, brings no provider, or asks for a part of
 * Medusa that this server does not have
 */
export function loadMedusaPlugins({ folder, plugins }: Settings, log: Log): PluginProviders {
  const loaded: Loaded = { payment: [], fulfillment: [] };
  const requireFrom = createRequire(join(resolve(folder), "package.json"));
  const configuration = plugins.length > 0 ? readConfiguration(folder, requireFrom) : {};
  for (const name of plugins) {
    const options = optionsOf(configuration, name);
    const container = pluginContainer(log, configuration);
    const classes = classesOf(name, folder, requireFrom);
    if (classes.length === 0)
      throw new StartupError(
        `MEDUSA_PLUGINS names ${name}, which has no payment processor and no fulfillment service ` +
          "in its services folder.",
      );
    for (const { kind, Class } of classes) {
      const instance = create(Class, name, container, options);
      addProvider(loaded, kind, idOf(Class, name), instance);
    }
  }
  return loaded;
}

function addProvider(loaded: Loaded, kind: PluginKind, id: string, instance: object): void {
  // Which methods it has is what its kind says; the shop checks every answer.
  if (kind === "payment_processor")
    loaded.payment.push(medusaPaymentProcessor(id, instance as MedusaPaymentProcessor));
  else if (kind === "payment_service")
    loaded.payment.push(medusaPaymentService(id, instance as MedusaPaymentService));
  else loaded.fulfillment.push(medusaFulfillmentService(id, instance as MedusaFulfillmentService));
}

interface Configuration {
  readonly plugins?: readonly (string | { readonly resolve: string; readonly options?: object })[];
}

function readConfiguration(folder: string, requireFrom: NodeJS.Require): Configuration {
  const file = join(resolve(folder), "medusa-config.js");
  if (!existsSync(file))
    throw new StartupError(
      `MEDUSA_SHOP is ${folder}, which has no medusa-config.js. Name the folder of the shop's ` +
        "Medusa backend.",
    );
  try {
    return requireFrom(file) as Configuration;
  } catch (error) {
    throw new StartupError(`${file} cannot be loaded: ${(error as Error).message}`);
  }
}

function optionsOf({ plugins = [] }: Configuration, name: string): object {
  const entry = plugins.find((one) => (typeof one === "string" ? one : one.resolve) === name);
  return typeof entry === "object" ? (entry.options ?? {}) : {};
}

function classesOf(name: string, folder: string, requireFrom: NodeJS.Require) {
  return serviceFiles(name, folder, requireFrom).flatMap((file) => {
    const exported = load(file, name, requireFrom);
    const Class: unknown = exported["default"] ?? exported;
    const kind = kindOfClass(Class);
    return kind && hasId(Class) ? [{ kind, Class: Class as PluginClass }] : [];
  });
}

function load(file: string, name: string, requireFrom: NodeJS.Require): Record<string, unknown> {
  try {
    return requireFrom(file) as Record<string, unknown>;
  } catch (error) {
    throw new StartupError(
      `MEDUSA_PLUGINS names ${name}, whose ${file} cannot be loaded: ${(error as Error).message}`,
    );
  }
}

/** Returns the files of a plugin's services, where Medusa looks for them. */
function serviceFiles(name: string, folder: string, requireFrom: NodeJS.Require): string[] {
  const root = name.startsWith(".") ? resolve(folder, name) : packageFolder(name, requireFrom);
  const found = [join(root, "dist", "services"), join(root, "services")].find((place) =>
    existsSync(place),
  );
  return found === undefined
    ? []
    : readdirSync(found)
        .filter((file) => file.endsWith(".js") && !file.startsWith("_"))
        .toSorted()
        .map((file) => join(found, file));
}

function packageFolder(name: string, requireFrom: NodeJS.Require): string {
  try {
    return dirname(requireFrom.resolve(`${name}/package.json`));
  } catch {
    throw new StartupError(
      `MEDUSA_PLUGINS names ${name}, which is not installed in the folder of MEDUSA_SHOP.`,
    );
  }
}

function create(Class: PluginClass, name: string, container: object, options: object): object {
  try {
    return new Class(container, options);
  } catch (error) {
    if (error instanceof MissingPartError)
      throw new StartupError(
        `The plugin ${name} cannot be used: ${idOf(Class, name)} asks for ${error.part} of ` +
          "Medusa's container, which Nettle does not have. docs/providers.md lists what there is.",
      );
    throw new StartupError(
      `The plugin ${name} cannot be used: ${idOf(Class, name)} failed to start: ` +
        `${(error as Error).message}`,
    );
  }
}

function hasId(Class: unknown): boolean {
  const id: unknown = Reflect.get(Class as object, "identifier");
  return typeof id === "string" && id !== "";
}

function idOf({ identifier }: PluginClass, name: string): string {
  return typeof identifier === "string" ? identifier : name;
}
