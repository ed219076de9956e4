// @ts-check
/**
 * What the contract test needs to know of bank-payment.js:
 *
 *     nettle providers test ./bank-payment.js --support ./bank-payment-support.js
 *
 * @import { ContractSupport } from "nettle-store-api/providers"
 */
import { createHmac } from "node:crypto";

const { BANK_URL = "", BANK_KEY = "", BANK_WEBHOOK_SECRET = "" } = process.env;

/** @satisfies {ContractSupport} */
const support = {
  payment: {
    amount: 4200,
    balance: async ({ data }) => {
      const headers = { authorization: `Bearer ${BANK_KEY}` };
      const answer = await fetch(`${BANK_URL}/payments/${data["id"]}`, { headers });
      /** @type {any} */
      const payment = answer.ok ? await answer.json() : { held_amount: 0 };
      return payment.held_amount;
    },
    webhook: ({ resource_id, data }) => {
      const body = JSON.stringify({
        type: "captured",
        payment: data["id"],
        reference: resource_id,
      });
      const signature = createHmac("sha256", BANK_WEBHOOK_SECRET).update(body).digest("hex");
      return { headers: { "bank-signature": signature }, body };
    },
  },
};

export default support;
