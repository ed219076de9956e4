import type { Knex } from "knex";
import { picturesOf } from "./demo-product.ts";
import { demoProducts } from "./products/demo-products.ts";
import { pictureUrl } from "./rows/demo-context.ts";

/** Where addresses of pictures are: of products, and of lines that have copied them. */
const COLUMNS = [
  { table: "product", column: "thumbnail" },
  { table: "image", column: "url" },
  { table: "line_item", column: "thumbnail" },
] as const;

/** The address of a picture in the demo's folder, on whatever server. */
const OWN_PICTURE = "^https?://[^/?#]+(/[^?#]*)?/demo/pictures/[a-z0-9-]+[.]webp$";

/**
 * Lets the demo's own pictures begin with another address; any other picture stays. Returns how
 * many addresses have changed.
 */
export async function movePictures(trx: Knex.Transaction, publicUrl: string): Promise<number> {
  const files = demoProducts.flatMap(picturesOf);
  let moved = 0;
  const values = { files, own: OWN_PICTURE, folder: pictureUrl(publicUrl, "") };
  for (const { table, column } of COLUMNS) {
    const file = `substring(${column} from '[^/]+$')`;
    const { rowCount } = await trx.raw(
      `update ${table} set ${column} = :folder || ${file}
      where ${column} ~ :own and ${file} = any(:files) and ${column} <> :folder || ${file}`,
      values,
    );
    moved += rowCount;
  }
  return moved;
}
