import type { Transaction } from "../../commands/transaction.ts";
import { payment } from "../../graph/entities/payment-entities.ts";
import type { Tree } from "../../graph/entity.ts";
import { loadTree } from "../../graph/load-tree.ts";
import { shapeOf } from "../../graph/shape.ts";

const wholePayment = shapeOf(payment, {});

/** Returns a payment that exists, with all its columns, as the events of payments carry it. */
export async function loadWholePayment(trx: Transaction, id: string): Promise<Tree> {
  return (await loadTree(trx, wholePayment, id))!;
}
