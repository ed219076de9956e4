import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The folder of a shop's Medusa backend. */
export interface MedusaShopFolder {
  readonly folder: string;
  /** Writes a file below the folder. */
  write(file: string, text: string): void;
  remove(): void;
}

/** A payment processor as a shop wrote it for Medusa: an account in memory. */
const PROCESSOR = `
  class Processor {
    constructor(container, options) {
      container.logger.info("ready");
      this.prefix = options.prefix ?? "plain_";
      this.payments = Processor.payments;
    }
    async initiatePayment({ amount, currency_code, email, customer }) {
      if (amount > 90000) return { error: "Too much", code: "limit", detail: "at most 900.00" };
      const id = this.prefix + this.payments.size;
      const payer = customer?.metadata?.ref;
      const payment = { id, amount, currency_code, email, state: "open", payer };
      this.payments.set(id, payment);
      return {
        session_data: { ...payment },
        update_requests: { customer_metadata: { ref: payment.payer ?? "ref_" + id } },
      };
    }
    async updatePayment({ amount, customer, paymentSessionData }) {
      const payment = this.payments.get(paymentSessionData.id);
      Object.assign(payment, { amount, payer: customer?.metadata?.ref });
      return { session_data: { ...payment } };
    }
    async updatePaymentData(id, data) { return { id, ...data }; }
    async authorizePayment({ id }) {
      const payment = this.payments.get(id);
      if (payment.state === "void") throw new Error("It is void");
      payment.state = "held";
      return { status: "authorized", data: { ...payment } };
    }
    async getPaymentStatus({ id }) {
      const { state } = this.payments.get(id);
      return { open: "pending", held: "authorized", kept: "authorized", void: "canceled" }[state];
    }
    async capturePayment({ id }) { return this.end(id, "kept"); }
    async cancelPayment({ id }) {
      if (this.payments.get(id).state === "kept") throw new Error("captured");
      return this.end(id, "void");
    }
    async deletePayment({ id }) { return this.end(id, "void"); }
    async retrievePayment({ id }) { return { ...this.payments.get(id) }; }
    async refundPayment({ id }, amount) {
      const payment = this.payments.get(id);
      if (amount > payment.amount - (payment.refunded ?? 0)) throw new Error("Too much");
      payment.refunded = (payment.refunded ?? 0) + amount;
      return this.end(id, payment.refunded === payment.amount ? "void" : payment.state);
    }
    end(id, state) { return { ...Object.assign(this.payments.get(id), { state }) }; }
  }
  Processor.identifier = "wallet";
  Processor._isPaymentProcessor = true;
  Processor.payments = globalThis.walletPayments ??= new Map();
  exports.default = Processor;
`;
const CARRIER = `
  class Carrier {
    async validateFulfillmentData(option, data, cart) {
      if (!data.point) throw Object.assign(new Error("Choose a point"), { name: "Refusal" });
      return { ...data, to: cart.email };
    }
    async calculatePrice(option, data, cart) {
      return option.base + cart.items.reduce((sum, { quantity }) => sum + quantity, 0) * 10.4;
    }
    async canCalculate() { return true; }
  }
  Carrier.identifier = "points";
  Carrier._isFulfillmentService = true;
  exports.default = Carrier;
`;

/**
 * Writes the folder of a Medusa backend: the plugin `wallet-plugin` has a payment processor
 * (`wallet`), `plain` has no provider, and the shop itself has a fulfillment service (`points`).
 */
export function writeMedusaShopFolder(): MedusaShopFolder {
  const folder = mkdtempSync(join(tmpdir(), "nettle-medusa-shop-"));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write(
    "medusa-config.js",
    `module.exports = {
      plugins: ["plain", { resolve: "wallet-plugin", options: { prefix: "w_" } }],
    };`,
  );
  write("node_modules/wallet-plugin/package.json", "{}");
  write("node_modules/wallet-plugin/dist/services/wallet.js", PROCESSOR);
  write("node_modules/wallet-plugin/dist/services/helper.js", "exports.default = () => 1;");
  write("node_modules/plain/package.json", "{}");
  write("services/points.js", CARRIER);
  return { folder, write, remove: () => rmSync(folder, { recursive: true }) };
}
