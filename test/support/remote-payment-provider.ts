import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import { isSigned } from "./webhook-signature.ts";

/** The provider of a payment service: asks it over HTTP, as a shop's own provider asks a payment company. */
export function remotePayment(url: string, id = "remote"): PaymentProvider {
  // What the service says is checked by the shop, whatever it is here said to be.
  const ask =
    <A>(step: string) =>
    async (question: unknown, { signal }: { signal: AbortSignal }): Promise<A> => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/${step}`, { method: "POST", headers, body: JSON.stringify(question), signal });
      if (!answer.ok) throw new Error(`The payment service answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as A;
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
