import { startFakeStripe, stripeKeys } from "./fake-stripe/fake-stripe.ts";

/** Serves the fake Stripe for development: `npm run fake-stripe [-- port]`. */
const stripe = await startFakeStripe(Number(process.argv[2] ?? 9210));
console.log(`The fake Stripe is at ${stripe.url}. Start the shop with`);
console.log(`STRIPE_API_KEY=${stripeKeys.secret} STRIPE_WEBHOOK_SECRET=${stripeKeys.webhook} \\`);
console.log(`  STRIPE_API_BASE=${stripe.url} npm start`);
console.log(`Browsers find a stand-in for https://js.stripe.com/v3/ at ${stripe.url}/v3/`);
