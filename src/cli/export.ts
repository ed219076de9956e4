import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { type Command, Option } from "commander";
import { counted } from "../core/counted.ts";
import { StartupError } from "../core/startup-error.ts";
import { shopErrorOf } from "../database/database-errors.ts";
import { exportProducts } from "../product-files/export-products.ts";
import { type FileFormat, formatOf } from "../product-files/product-file.ts";
import { COULD_NOT, endUsageErrorsWith } from "./exit-codes.ts";
import { progressLine } from "./progress-line.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly format?: FileFormat;
  readonly handle: readonly string[];
  readonly collection: readonly string[];
  readonly ids: boolean;
}

/** Adds `nettle export` to the program. */
export function addExportCommand(program: Command): void {
  const command = program
    .command("export")
    .description("write the products to a CSV file as Medusa does, or to JSON")
    .argument("[file]", "the file; standard output, if it is left out or -")
    .addOption(
      new Option("--format <format>", "CSV, unless the file's name says JSON").choices([
        "csv",
        "json",
      ]),
    )
    .option("--handle <handle>", "only this product; may be repeated", collect, [])
    .option("--collection <handle>", "only this collection; may be repeated", collect, [])
    .option("--no-ids", "leave the ids out, for another shop")
    .addHelpText(
      "after",
      `
The products are those of one moment, sorted by handle, drafts included. CSV has the columns of
Medusa's export; JSON has also metadata, EAN and UPC. Importing it again changes nothing.

Exit code: 0 if all is written, 2 if the database cannot be read or the file not be written.

Examples:
  nettle export products.csv
  nettle export --format json --collection summer > summer.json
  nettle export other-shop.json --no-ids`,
    )
    .action(exportFile);
  endUsageErrorsWith(command);
}

const collect = (text: string, before: readonly string[]): string[] => [...before, text];

async function exportFile(name: string | undefined, options: Options): Promise<void> {
  try {
    await withDatabase(async (knex) => {
      const isFile = name !== undefined && name !== "-";
      const out = isFile ? createWriteStream(name) : process.stdout;
      const failed = once(out, "error").then(([error]) => Promise.reject(error));
      failed.catch(() => undefined);
      let progress: ReturnType<typeof progressLine> | undefined;
      const exported = exportProducts(knex, {
        format: options.format ?? formatOf(name ?? "") ?? "csv",
        handles: options.handle,
        collections: options.collection,
        withIds: options.ids,
        write: async (text) => {
          if (!out.write(text)) await Promise.race([once(out, "drain"), failed]);
        },
        onProgress: (done, all) => {
          progress ??= progressLine("products written", all);
          progress.show(done);
        },
      });
      const count = await Promise.race([exported, failed]);
      if (!isFile) return;
      out.end();
      await Promise.race([finished(out), failed]);
      console.error(`${counted(count, "product is", "products are")} in ${name}`);
    });
  } catch (error) {
    process.exitCode = COULD_NOT;
    console.error(wordsFor(error));
  }
}

function wordsFor(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  const known = shopErrorOf(error);
  if (known) return `The export ended: ${known.message}`;
  if (error instanceof Error && Reflect.has(error, "syscall"))
    return `The file cannot be written: ${error.message}`;
  throw error;
}
