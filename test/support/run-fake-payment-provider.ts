import { projectRoot } from "../../src/runtime/project-root.ts";
import { startFakePaymentProvider } from "./fake-payment-provider.ts";
import { writePaymentModule } from "./write-payment-module.ts";

/**
 * Serves the fake payment provider for development and writes the module that calls it: `npm run
 * fake-payment-provider [-- port]`.
 */
const service = await startFakePaymentProvider(Number(process.argv[2] ?? 9200));
const file = "dist/fake-payment-provider.mjs";
writePaymentModule(`${projectRoot()}/${file}`, service.url);
console.log(`The fake payment provider is at ${service.url}.`);
console.log(`Start the shop with PROVIDERS=./${file}`);
