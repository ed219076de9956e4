import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { shopErrorOf } from "../database/database-errors.ts";
import { type BatchResult, planBatch, writeBatch } from "./import-batch.ts";
import { BusyError } from "./lock-products.ts";
import type { Effect } from "./plan-product.ts";
import type { ProductInput, ReadProduct, Refusal } from "./product-input.ts";
import type { ReferenceKind } from "./references.ts";
import { UniqueInFile } from "./unique-in-file.ts";

interface Options {
  /** Whether nothing is written. */
  readonly dryRun: boolean;
  /** Hears each reason why a product is not imported. */
  onRefusal(this: void, refusal: Refusal): void;
  /** Hears how many products have been read, after each batch. */
  onProgress(this: void, products: number): void;
  /** Whether to end before the next batch. */
  isStopping(this: void): boolean;
  /** Hears what was done, even if the file could not be read to its end. */
  onEnd(this: void, result: ImportResult): void;
}

/** What an import did, or would do. */
export interface ImportResult {
  readonly products: Record<Effect | "refused", number>;
  /** What was created because products refer to it. */
  readonly created: Record<ReferenceKind, string[]>;
  /** Where the last product stands that was dealt with, if the import was stopped. */
  stoppedAfter?: string;
}

/** Products are written together up to this number, or this number of variants. */
const BATCH = { products: 100, variants: 1000 };

/**
 * Imports the products of a file, in batches. A batch that fails is tried again product by product,
 * so that each product is imported whole or not at all.
 * @throws FileError if the file cannot be read any further; what was read before is imported
 */
export async function importProducts(
  knex: Knex,
  products: AsyncIterable<ReadProduct>,
  options: Options,
): Promise<ImportResult> {
  const run = new ImportRun(knex, options);
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const product of products) {
      await run.add(product);
      if (run.isStopped) break;
    }
  } catch (error) {
    failure = { error };
  }
  await run.flush();
  options.onEnd(run.result);
  if (failure) throw failure.error;
  return run.result;
}

class ImportRun {
  readonly result: ImportResult = {
    products: { created: 0, changed: 0, unchanged: 0, refused: 0 },
    created: { collection: [], type: [], tag: [], channel: [], category: [] },
  };
  isStopped = false;
  readonly #unique = new UniqueInFile();
  #batch: ProductInput[] = [];
  #variants = 0;
  #read = 0;
  #place = "the beginning";

  constructor(
    private readonly knex: Knex,
    private readonly options: Options,
  ) {}

  async add(product: ReadProduct): Promise<void> {
    this.#read += 1;
    this.#place = placeOf(product) ?? this.#place;
    const refusals = product.refusals ?? this.#unique.refusalsOf(product.input);
    if (product.refusals || refusals.length > 0) this.#refuse(refusals);
    else {
      this.#batch.push(product.input);
      this.#variants += product.input.variants.length;
    }
    if (this.#batch.length >= BATCH.products || this.#variants >= BATCH.variants)
      await this.flush();
  }

  /** Deals with what has been collected. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    [this.#batch, this.#variants] = [[], 0];
    if (batch.length > 0) await this.#importBatch(batch);
    this.options.onProgress(this.#read);
    if (!this.options.isStopping() || this.isStopped) return;
    this.isStopped = true;
    this.result.stoppedAfter = this.#place;
  }

  async #importBatch(batch: readonly ProductInput[]): Promise<void> {
    const { dryRun } = this.options;
    try {
      this.#count(await (dryRun ? planBatch : writeBatch)(this.knex, batch));
    } catch (error) {
      if (isLost(error)) throw error;
      for (const input of batch) await this.#importAlone(input);
    }
  }

  async #importAlone(input: ProductInput): Promise<void> {
    try {
      this.#count(await tryRepeatedly(() => writeBatch(this.knex, [input])));
    } catch (error) {
      if (isLost(error)) throw error;
      const { place, handle } = input;
      this.#refuse([{ place, handle, message: wordsFor(error) }]);
    }
  }

  #count({ plans, refusals, references }: BatchResult): void {
    for (const { effect } of plans) this.result.products[effect] += 1;
    for (const { kind, name } of references) {
      const names = this.result.created[kind];
      if (!names.includes(name)) names.push(name);
    }
    for (const handle of new Set(refusals.map((each) => each.handle)))
      this.#refuse(refusals.filter((each) => each.handle === handle));
  }

  /** Counts one product, whatever the number of reasons. */
  #refuse(refusals: readonly Refusal[]): void {
    this.result.products.refused += 1;
    for (const refusal of refusals) this.options.onRefusal(refusal);
  }
}

/** Where the last row of a product stands. */
function placeOf(product: ReadProduct): string | undefined {
  if (product.refusals) return product.refusals.at(-1)?.place;
  const { place, variants } = product.input;
  return variants.at(-1)?.place ?? place;
}

const stateOf = (error: unknown) =>
  error instanceof Error ? String(Reflect.get(error, "code") ?? "") : "";

/** Whether the database does not answer, so that the other products would fail as well. */
const isLost = (error: unknown) =>
  !(error instanceof BusyError) && !/^(2[123]|40|55P03|54|57014)/.test(stateOf(error));

/** What another program does at this moment may be over soon. */
const mayPass = (error: unknown) =>
  error instanceof BusyError || /^(40|55P03|23505|57014)/.test(stateOf(error));

const TRIES = 12;

/** Tries again for some ten seconds while another program is in the way. */
async function tryRepeatedly<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await write();
    } catch (error) {
      if (!mayPass(error) || tries === TRIES) throw error;
      await sleep(Math.min(50 * 2 ** tries, 1000));
    }
}

function wordsFor(error: unknown): string {
  if (error instanceof BusyError || stateOf(error) === "55P03")
    return "another program changes the product all the time; import it again";
  return shopErrorOf(error)?.message ?? String(error);
}
