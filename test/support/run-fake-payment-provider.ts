import { projectRoot } from "../../src/runtime/project-root.ts";
import { startFakePaymentProvider } from "./fake-payment-provider.ts";
import { writePaymentModule } from "./write-payment-module.ts";

/**
 * The payment service by itself, for development, and the module that asks it: `npm run
 * payment-service [-- port]`.
 */
const service = await startFakePaymentProvider(Number(process.argv[2] ?? 9200));
const file = "dist/payment-company.mjs";
writePaymentModule(`${projectRoot()}/${file}`, service.url);
console.log(`The payment service is at ${service.url}. Start the shop with PROVIDERS=./${file}`);
