import { NotAllowedError } from "../../core/errors.ts";
import type { WebhookCall } from "../payment/payment-provider.ts";
import {
  BreachError,
  type ContractCheck,
  mustBe,
  mustBeSame,
  NotApplicableError,
} from "./contract-check.ts";
import type { PaymentBench } from "./payment-bench.ts";

const REMEDY =
  "Compute the signature over `body` as it is, compare it in constant time, and throw an error " +
  "whose name is `Refusal`.";

/** What is true of the calls of a provider's server. */
export const paymentWebhookContract: readonly ContractCheck<PaymentBench>[] = [
  {
    check: "webhook refuses a call that is not signed, and one that is no JSON.",
    remedy: REMEDY,
    run: async (bench) => {
      const { resource_id } = await bench.initiate();
      const body = JSON.stringify({ event: "captured", resource_id, type: "payment.captured" });
      await mustRefuse(bench, { headers: {}, body }, "without a signature");
      await mustRefuse(bench, { headers: {}, body: "{" }, "that is no JSON");
    },
  },
  {
    check: "webhook says which payment a signed call is about, each time it comes.",
    remedy: "Return the event, the `resource_id` of initiate, and `data` that retrieve knows.",
    run: async (bench) => {
      const { call, resource_id } = await signedCall(bench);
      const event = await webhookOf(bench)(call);
      const named = event.event === "ignored" ? undefined : event.resource_id;
      mustBe("The event's resource_id", resource_id, named);
      mustBeSame("The event", event, await webhookOf(bench)(call));
      if (event.event !== "ignored" && event.data)
        await bench.provider.retrieve({ data: event.data });
    },
  },
  {
    check: "webhook refuses a signed call whose body was changed.",
    remedy: REMEDY,
    run: async (bench) => {
      const { call } = await signedCall(bench);
      await mustRefuse(bench, { ...call, body: `${call.body} ` }, "whose body was changed");
      await mustRefuse(bench, { ...call, headers: {} }, "without its headers");
    },
  },
];

function webhookOf({ provider }: PaymentBench) {
  if (!provider.webhook) throw new NotApplicableError("It has no method `webhook`.");
  return provider.webhook;
}

async function signedCall(bench: PaymentBench) {
  webhookOf(bench);
  if (!bench.support.webhook)
    throw new NotApplicableError(
      "A signed call is needed: name a module with `payment.webhook` by --support.",
    );
  const payment = await bench.authorized();
  return { call: await bench.support.webhook(payment), resource_id: payment.resource_id };
}

async function mustRefuse(bench: PaymentBench, call: WebhookCall, which: string): Promise<void> {
  try {
    const { event } = await webhookOf(bench)(call);
    if (event === "ignored") return;
    throw new BreachError(`webhook answered ${event} to a call ${which}`);
  } catch (error) {
    if (error instanceof NotAllowedError) return;
    throw error;
  }
}
