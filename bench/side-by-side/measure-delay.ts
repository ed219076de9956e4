import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../test/support/database-server.ts";
import type { PlannedStep } from "./bench.ts";
import { quantile } from "./figures.ts";
import type { Report } from "./report.ts";

const CHANGES = 50;

interface Shown {
  readonly product: {
    readonly variants: readonly { readonly id: string; readonly inventory_quantity: number }[];
  };
}

/** From the answer to a COMMIT of another program until the first answer that shows the change. */
export function planDelay(
  url: string,
  databaseUrl: string,
  note: (delay: NonNullable<Report["delay"]>) => void,
): PlannedStep {
  return {
    name: "delay of a change",
    seconds: 3,
    run: async () => {
      const knex = connect(databaseUrl, 1);
      const variants = knex("product_variant");
      const { id, product_id, inventory_quantity } = await variants.first();
      const shown = async () => {
        const answer = await fetch(`${url}/store/products/${product_id}`);
        const { product } = (await answer.json()) as Shown;
        return product.variants.find((variant) => variant.id === id)?.inventory_quantity;
      };
      const delays: number[] = [];
      for (let change = 1; change <= CHANGES; change++) {
        await shown();
        const quantity = inventory_quantity + change;
        await knex("product_variant").where({ id }).update({ inventory_quantity: quantity });
        const committed = performance.now();
        while ((await shown()) !== quantity) await sleep(0);
        delays.push(performance.now() - committed);
      }
      await knex.destroy();
      const [p50, p95] = [0.5, 0.95].map((share) => Number(quantile(delays, share).toFixed(2)));
      note({ p50: p50!, p95: p95! });
      console.log(`\nA change is seen ${p50} ms after its COMMIT (median), ${p95} ms (p95)`);
    },
  };
}
