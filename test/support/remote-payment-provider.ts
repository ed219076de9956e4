import type { PaymentProvider } from "../../src/providers/payment/payment-provider.ts";
import { isSigned } from "./webhook-signature.ts";

/** Returns a provider that calls the fake payment provider over HTTP. */
export function remotePaymentProvider(url: string, id = "remote"): PaymentProvider {
  // The shop checks every answer, so the cast promises nothing.
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
        throw new Error(`The payment provider answered ${answer.status}: ${await answer.text()}`);
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
        throw Object.assign(new Error("The signature is wrong"), {
          name: "Refusal",
        });
      return JSON.parse(body);
    },
  };
}
