import { buildSync } from "esbuild";
import { projectRoot } from "../../src/runtime/project-root.ts";

/** Writes a module for `PROVIDERS` that calls the fake payment provider at a URL. */
export function writePaymentModule(file: string, url: string, id = "remote"): void {
  const contents = `import { remotePaymentProvider } from "./remote-payment-provider.ts";
    export const payment = remotePaymentProvider(${JSON.stringify(url)}, ${JSON.stringify(id)});`;
  const stdin = { contents, resolveDir: `${projectRoot()}/test/support`, loader: "ts" as const };
  buildSync({ stdin, bundle: true, platform: "node", format: "esm", outfile: file });
}
