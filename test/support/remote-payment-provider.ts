import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import { isSigned } from "./webhook-signature.ts";

/** The provider of a payment service: asks it over HTTP, as a shop's own provider asks a payment company. */
export function remotePayment(url: string, id = "remote"): PaymentProvider {
  const ask =
    (step: string) =>
    // biome-ignore lint/suspicious/noExplicitAny: whatever the service says is checked by the shop
    async (question: unknown, { signal }: { signal: AbortSignal }): Promise<any> => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/${step}`, { method: "POST", headers, body: JSON.stringify(question), signal });
      if (!answer.ok) throw new Error(`The payment service answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    };
  return {
    id,
    initiate: ask("initiate"),
    update: ask("update"),
    updateData: ask("updateData"),
    authorize: ask("authorize"),
    capture: ask("capture"),
    cancel: ask("cancel"),
    refund: ask("refund"),
    delete: ask("delete"),
    retrieve: ask("retrieve"),
    savedMethods: ask("savedMethods"),
    webhook: ({ headers, body }) => {
      if (!isSigned(body, headers["x-signature"]))
        throw Object.assign(new Error("The signature of the payment service is wrong"), { name: "Refusal" });
      return JSON.parse(body);
    },
  };
}
