import { StartupError } from "../../core/startup-error.ts";
import { resolveModule } from "../resolve-module.ts";
import type { ContractSupport } from "./contract-support.ts";

/**
 * Loads the module that supports the checks of a provider.
 * @throws StartupError if it cannot be loaded, or its default export is no object
 */
export async function loadContractSupport(
  name: string,
  directory = process.cwd(),
): Promise<ContractSupport> {
  const address = resolveModule(name, directory);
  if (!address) throw new StartupError(`--support names ${name}, which cannot be found.`);
  try {
    const { default: support } = await import(/* @vite-ignore */ address);
    if (typeof support === "object" && support !== null) return support as ContractSupport;
  } catch (error) {
    const reason = (error as Error | undefined)?.message ?? error;
    throw new StartupError(`--support names ${name}, which cannot be loaded: ${reason}`);
  }
  throw new StartupError(`--support names ${name}, whose default export must be an object.`);
}
