import { type FileHandle, open } from "node:fs/promises";
import { type Command, Option } from "commander";
import { StartupError } from "../core/startup-error.ts";
import { shopErrorOf } from "../database/database-errors.ts";
import { FileError } from "../product-files/file-error.ts";
import { type ImportResult, importProducts } from "../product-files/import-products.ts";
import { type FileFormat, formatOf, openProductFile } from "../product-files/product-file.ts";
import type { Refusal } from "../product-files/product-input.ts";
import { COULD_NOT, endUsageErrorsWith, FAILED, STOPPED } from "./exit-codes.ts";
import { fileProgress } from "./progress-line.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly format?: FileFormat;
  readonly dryRun?: true;
  readonly report?: string;
  readonly json?: true;
}

/** How many refusals are printed; a report has all of them. */
const MAX_PRINTED = 100;

/** Adds `nettle import` to the program. */
export function addImportCommand(program: Command): void {
  const command = program
    .command("import")
    .description("create and change products from a CSV file of Medusa's, or from JSON")
    .argument("<file>", "the file; - reads standard input")
    .addOption(
      new Option("--format <format>", "what the file is, if its name does not say it").choices([
        "csv",
        "json",
      ]),
    )
    .option("--dry-run", "check the file and say what would be done; write nothing")
    .option("--report <file>", "write each refused row to this file, one a line")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
A product is found by its handle, a variant by its SKU. What is not in the file stays as it is; an
empty cell empties. A product is imported whole or not at all. docs/import.md has the columns.

Exit code: 0 if all products were imported, 1 if some were refused (the others are imported), 2 if
the file or the database cannot be read, 130 after Ctrl-C (import the same file again to go on).

Examples:
  nettle import products.csv --dry-run
  nettle import products.csv --report refused.txt
  nettle export --format json | nettle import - --format json`,
    )
    .action(importFile);
  endUsageErrorsWith(command);
}

async function importFile(name: string, options: Options): Promise<void> {
  const report = options.report ? await openReport(options.report) : undefined;
  const refusals = new Refusals(report, options.json === true);
  try {
    await withDatabase(async (knex) => {
      const file = openProductFile(name, requireFormat(name, options.format));
      const progress = fileProgress("products");
      const stopping = stopOnInterrupt();
      const result = await importProducts(knex, file.products, {
        dryRun: options.dryRun === true,
        onRefusal: (refusal) => refusals.add(refusal),
        onProgress: (done) => progress(done, { read: file.bytesRead(), size: file.size }),
        isStopping: stopping.asked,
        onEnd: (result) => show(result, refusals, options),
      });
      stopping.end();
      process.exitCode = exitCodeOf(result);
    });
  } catch (error) {
    process.exitCode = COULD_NOT;
    console.error(wordsFor(error));
  } finally {
    await refusals.end();
  }
}

function exitCodeOf({ stoppedAfter, products }: ImportResult): number {
  if (stoppedAfter !== undefined) return STOPPED;
  return products.refused > 0 ? FAILED : 0;
}

/** @throws StartupError if neither the option nor the name says it */
function requireFormat(name: string, format: FileFormat | undefined): FileFormat {
  const found = format ?? formatOf(name);
  if (!found) throw new StartupError(`Is ${name} CSV or JSON? Say --format csv or --format json.`);
  return found;
}

/** @throws StartupError if the file cannot be written */
function openReport(name: string): Promise<FileHandle> {
  return open(name, "w").catch((error: Error) => {
    throw new StartupError(`The report cannot be written: ${error.message}`);
  });
}

/** The first Ctrl-C ends between two products, the second at once. */
function stopOnInterrupt() {
  let asked = false;
  const stop = () => {
    asked = true;
    console.error("\nStopping behind the products that are being written …");
  };
  process.once("SIGINT", stop);
  return { asked: () => asked, end: () => void process.off("SIGINT", stop) };
}

/** Prints refusals, keeps the first ones and writes all of them to the report. */
class Refusals {
  readonly first: Refusal[] = [];
  count = 0;
  #written: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly report: FileHandle | undefined,
    private readonly isQuiet: boolean,
  ) {}

  add(refusal: Refusal): void {
    this.count += 1;
    const line = `${refusal.place}: ${refusal.message}`;
    if (this.count <= MAX_PRINTED) {
      this.first.push(refusal);
      if (!this.isQuiet) console.error(line);
    }
    const { report } = this;
    if (report) this.#written = this.#written.then(() => report.write(`${line}\n`));
  }

  async end(): Promise<void> {
    await this.#written;
    await this.report?.close();
  }
}

function show(result: ImportResult, refusals: Refusals, options: Options): void {
  const { products, created, stoppedAfter } = result;
  if (options.json) {
    const first = { refusals: refusals.first, refusal_count: refusals.count };
    const stopped = { stopped_after: stoppedAfter ?? null };
    const dryRun = { dry_run: options.dryRun === true };
    console.log(JSON.stringify({ ...dryRun, products, created, ...first, ...stopped }, null, 2));
    return;
  }
  if (refusals.count > MAX_PRINTED)
    console.error(
      `… and ${refusals.count - MAX_PRINTED} more; --report names a file that gets them all`,
    );
  const counts = Object.entries(products).map(([effect, count]) => `${count} ${effect}`);
  console.log(`${options.dryRun ? "Nothing is written. It would be: " : ""}${counts.join(", ")}`);
  for (const [kind, names] of Object.entries(created))
    if (names.length > 0) console.log(`new ${kind}: ${shortened(names)}`);
  if (stoppedAfter !== undefined)
    console.log(`Stopped after ${stoppedAfter}. Import the same file again to go on.`);
}

const shortened = (names: readonly string[]) =>
  names.length > 10
    ? `${names.slice(0, 10).join(", ")} and ${names.length - 10} more`
    : names.join(", ");

function wordsFor(error: unknown): string {
  if (error instanceof FileError || error instanceof StartupError) return error.message;
  if (error instanceof Error && Reflect.has(error, "syscall") && !shopErrorOf(error))
    return `The file cannot be read: ${error.message}`;
  const known = shopErrorOf(error);
  if (known) return `The import ended: ${known.message}`;
  throw error;
}
