import { projectRoot } from "../../src/project-root.ts";
import { startPaymentService } from "./payment-service.ts";
import { writePaymentModule } from "./write-payment-module.ts";

/** The payment service by itself, for development, and the module that asks it: `npm run payment-service [-- port]`. */
const service = await startPaymentService(Number(process.argv[2] ?? 9200));
const file = "dist/payment-company.mjs";
writePaymentModule(`${projectRoot()}/${file}`, service.url);
console.log(`The payment service is at ${service.url}. Start the shop with PROVIDERS=./${file}`);
