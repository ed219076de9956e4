import type { Knex } from "knex";
import { Document } from "yaml";
import { readShop } from "./plan-shop.ts";

const HEADING = ` A shop, as \`nettle apply\` reads it. Amounts are in the smallest unit of their
 currency; docs/shop-file.md explains each key.`;

/** Returns today's shop as a shop file. Applying it to the same shop changes nothing. */
export async function writeShopFile(trx: Knex): Promise<string> {
  const document = new Document(await readShop(trx));
  document.commentBefore = HEADING;
  return document.toString({ lineWidth: 100, flowCollectionPadding: false });
}
