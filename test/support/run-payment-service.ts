import { startPaymentService } from "./payment-service.ts";

/** The payment service by itself, for development: `run-payment-service.js [port]`. */
const service = await startPaymentService(Number(process.argv[2] ?? 9200));
console.log(`The payment service is at ${service.url}`);
