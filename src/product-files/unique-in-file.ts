import { uniqueNumbers } from "./product-fields.ts";
import type { ProductInput, Refusal } from "./product-input.ts";

/** Remembers what may be in a file only once: handles, and the numbers of variants. */
export class UniqueInFile {
  readonly #places = new Map<string, string>();
  readonly #owners = new Map<string, string>();

  /** Returns why a product is refused because of what stood before it in the file. */
  refusalsOf({ handle, place, variants }: ProductInput): Refusal[] {
    const before = this.#places.get(handle);
    if (before)
      return [
        {
          place,
          handle,
          message: `"${handle}" was at ${before} already; the rows of a product stand together`,
        },
      ];
    this.#places.set(handle, place);
    return variants.flatMap((variant) =>
      Object.entries(uniqueNumbers).flatMap(([column, word]) => {
        const number = variant.fields[column];
        if (!number) return [];
        const key = `${column} ${String(number)}`;
        const owner = this.#owners.get(key) ?? handle;
        this.#owners.set(key, owner);
        const message = `${word} "${String(number)}" belongs to "${owner}", earlier in the file`;
        return owner === handle ? [] : [{ place: variant.place, handle, message }];
      }),
    );
  }
}
