import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../../test/support/api-client.ts";
import type { Cluster } from "./cluster.ts";
import type { SeededRandom } from "./seeded-random.ts";

/**
 * Pays on the provider's own page; the provider repeats its webhook until the shop answers 200.
 */
export async function payOnHostedPage(
  cluster: Cluster,
  random: SeededRandom,
  cart: string,
  record: (answer: Pick<Answer, "status" | "body">) => void,
): Promise<void> {
  const id = random.pick(["remote", "other"] as const);
  const provider = cluster.providers[id];
  const outcome = random.pick(["authorized", "captured", "failed"] as const);
  await sleep(random.integer(0, 200));
  const paid = [...provider.ledger.payments.values()].findLast(
    ({ resource_id }) => resource_id === cart,
  );
  if (paid?.status !== "pending") return;
  provider.ledger.pay(cart, outcome);
  const data = { id: paid.id };
  for (let tries = 0; tries < 40; tries++) {
    provider.webhookUrl = `${cluster.url()}/hooks/payment/${id}`;
    const answer = await provider.sendWebhook(cart, outcome, data).catch(() => undefined);
    if (answer) record({ status: answer.status, body: answer.body as Answer["body"] });
    if (answer?.status === 200) return;
    await sleep(random.integer(50, 400));
  }
}
