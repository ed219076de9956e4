import type { ContractSupport } from "../../src/providers/contract/contract-support.ts";
import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import { PaymentLedger } from "../support/payment-ledger.ts";
import { isSigned, signatureOf } from "../support/webhook-signature.ts";

/** A payment provider without errors, and its ledger. */
export interface SoundPaymentProvider {
  readonly ledger: PaymentLedger;
  readonly provider: PaymentProvider;
  readonly support: ContractSupport;
}

/** Returns a payment provider that keeps its contract, for tests that break a part of it. */
export function soundPaymentProvider(): SoundPaymentProvider {
  const ledger = new PaymentLedger();
  // The ledger answers as the interface says.
  const step =
    (name: string) =>
    async (question: object): Promise<never> =>
      ledger.perform(name, question as Record<string, unknown>) as never;
  const provider: PaymentProvider = {
    id: "sound",
    initiate: step("initiate"),
    update: step("update"),
    updateData: step("updateData"),
    authorize: step("authorize"),
    capture: step("capture"),
    cancel: step("cancel"),
    refund: step("refund"),
    delete: step("delete"),
    retrieve: step("retrieve"),
    savedMethods: step("savedMethods"),
    webhook: ({ headers, body }) => {
      if (!isSigned(body, headers["x-signature"]))
        throw Object.assign(new Error("The signature is wrong"), { name: "Refusal" });
      return JSON.parse(body);
    },
  };
  return { ledger, provider, support: { payment: supportOf(ledger) } };
}

/** Returns what the checks cannot know of a provider with this ledger. */
export function supportOf(ledger: PaymentLedger): NonNullable<ContractSupport["payment"]> {
  return {
    balance: ({ data }) => {
      const payment = ledger.payments.get(String(data["id"]));
      if (!payment) return 0;
      const { authorized, captured, canceled, refunded } = payment;
      return (captured > 0 ? captured : authorized) - canceled - refunded;
    },
    webhook: ({ resource_id, data }) => {
      const body = JSON.stringify({ event: "captured", resource_id, data: { id: data["id"] } });
      return { headers: { "x-signature": signatureOf(body) }, body };
    },
  };
}
