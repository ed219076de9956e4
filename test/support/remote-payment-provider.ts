import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import { isSigned } from "./webhook-signature.ts";

/**
 * The provider of a payment service: asks it over HTTP, as a shop's own provider asks a payment
 * company.
 */
export function remotePaymentProvider(url: string, id = "remote"): PaymentProvider {
  // What the service says is checked by the shop, whatever it is here said to be.
  const callService =
    <A>(step: string) =>
    async (question: unknown, { signal }: { signal: AbortSignal }): Promise<A> => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/${step}`, {
        method: "POST",
        headers,
        body: JSON.stringify(question),
        signal,
      });
      if (!answer.ok)
        throw new Error(`The payment service answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as A;
    };
  return {
    id,
    initiate: callService("initiate"),
    update: callService("update"),
    updateData: callService("updateData"),
    authorize: callService("authorize"),
    capture: callService("capture"),
    cancel: callService("cancel"),
    refund: callService("refund"),
    delete: callService("delete"),
    retrieve: callService("retrieve"),
    savedMethods: callService("savedMethods"),
    webhook: ({ headers, body }) => {
      if (!isSigned(body, headers["x-signature"]))
        throw Object.assign(new Error("The signature of the payment service is wrong"), {
          name: "Refusal",
        });
      return JSON.parse(body);
    },
  };
}
