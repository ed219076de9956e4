import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { shopErrorOf } from "../database/database-errors.ts";
import { type BatchResult, planBatch, writeBatch } from "./import-batch.ts";
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
/** For how long a product is tried again that another program holds, and how often. */
const BUSY = { giveUpMs: 10_000, everyMs: 500 };
/** With more that are held, the import waits before it reads on. */
const MAX_BUSY = 200;

/**
 * Imports the products of a file, in batches. A batch that fails is tried again product by product,
 * so that each product is imported whole or not at all. One that another program holds is tried
 * again later, and holds up none of the others.
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
  await run.end();
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
  /** The products that another program holds, and since when. */
  readonly #busySince = new Map<ProductInput, number>();
  #triedAt = 0;

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
    if (performance.now() - this.#triedAt >= BUSY.everyMs) await this.#tryBusy();
    await this.#waitForBusy(MAX_BUSY);
    this.options.onProgress(this.#read);
    if (!this.options.isStopping() || this.isStopped) return;
    this.isStopped = true;
    this.result.stoppedAfter = this.#place;
  }

  /** Deals with all that is left. */
  async end(): Promise<void> {
    await this.flush();
    await this.#waitForBusy(0);
    for (const input of this.#busySince.keys()) this.#refuse([refusal(input, HELD)]);
  }

  /** Waits until no more than so many are held; who asks to stop need not wait. */
  async #waitForBusy(max: number): Promise<void> {
    while (this.#busySince.size > max && !this.options.isStopping()) {
      await sleep(BUSY.everyMs);
      await this.#tryBusy();
    }
  }

  async #tryBusy(): Promise<void> {
    this.#triedAt = performance.now();
    const inputs = [...this.#busySince.keys()];
    if (inputs.length > 0) await this.#importBatch(inputs);
  }

  async #importBatch(batch: readonly ProductInput[]): Promise<void> {
    try {
      this.#note(batch, await this.#run(batch));
    } catch (error) {
      if (isLost(error)) throw error;
      for (const input of batch) await this.#importAlone(input);
    }
  }

  async #importAlone(input: ProductInput): Promise<void> {
    try {
      this.#note([input], await this.#run([input]));
    } catch (error) {
      if (isLost(error)) throw error;
      if (mayPass(error)) this.#postpone(input, wordsFor(error));
      else this.#refuseOne(input, wordsFor(error));
    }
  }

  #run(batch: readonly ProductInput[]): Promise<BatchResult> {
    return (this.options.dryRun ? planBatch : writeBatch)(this.knex, batch);
  }

  #note(batch: readonly ProductInput[], result: BatchResult): void {
    for (const input of batch)
      if (result.busy.includes(input)) this.#postpone(input, HELD);
      else this.#busySince.delete(input);
    this.#count(result);
  }

  /** Lets a product be tried again, or refuses it for this reason after some ten seconds. */
  #postpone(input: ProductInput, reason: string): void {
    const since = this.#busySince.get(input) ?? performance.now();
    this.#busySince.set(input, since);
    if (performance.now() - since >= BUSY.giveUpMs) this.#refuseOne(input, reason);
  }

  #refuseOne(input: ProductInput, message: string): void {
    this.#busySince.delete(input);
    this.#refuse([refusal(input, message)]);
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
const isLost = (error: unknown) => !/^(2[123]|40|55P03|54|57014)/.test(stateOf(error));

/** What another program does at this moment may be over soon. */
const mayPass = (error: unknown) => /^(40|55P03|23505|57014)/.test(stateOf(error));

const HELD = "another program holds the product; import it again";

const refusal = ({ place, handle }: ProductInput, message: string): Refusal => ({
  ...{ place, handle, message },
});

function wordsFor(error: unknown): string {
  if (stateOf(error) === "55P03") return HELD;
  return shopErrorOf(error)?.message ?? String(error);
}
