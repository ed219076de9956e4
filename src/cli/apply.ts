import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { Knex } from "knex";
import type { Config } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { installProviders } from "../providers/install-providers.ts";
import { loadConfiguredProviders } from "../providers/load-configured-providers.ts";
import { createLog } from "../runtime/log.ts";
import { type AppliedRow, applyPlan } from "../shop-file/apply-plan.ts";
import { planShop, type ShopPlan } from "../shop-file/plan-shop.ts";
import { planData, planText } from "../shop-file/plan-text.ts";
import { type ReadShopFile, readShopFile, refused } from "../shop-file/read-shop-file.ts";
import { writeShopFile } from "../shop-file/write-shop-file.ts";
import { FAILED } from "./exit-codes.ts";
import { withExamples } from "./help-text.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly skipMissing?: boolean;
  readonly write?: true;
  readonly json?: true;
}

/** Adds `nettle apply` to the program. */
export function addApplyCommand(program: Command): void {
  const applying = program
    .command("apply <file>")
    .description("bring regions, shipping, taxes, prices and discounts to what a file says")
    .option("--yes", "do not ask before it changes the shop")
    .option("--dry-run", "show what would change, and change nothing")
    .option("--skip-missing", "leave out for now what names products that are not there yet")
    .option("--write", "write the shop as it is into the file instead")
    .option("--json", "print JSON")
    .action(apply);
  withExamples(
    applying,
    [
      ["apply shop.yaml", "shows what would change, and asks"],
      ["apply shop.yaml --yes", "in a script"],
      ["apply shop.yaml --dry-run --json"],
      ["apply shop.yaml --yes --skip-missing", "before the products are imported"],
      ["apply shop.yaml --write", "writes today's shop into a new file"],
    ],
    EXPLANATION,
  );
}

const EXPLANATION = `\
What the file does not name is left alone. docs/shop-file.md explains the file, and
docs/examples/shop.yaml is one. Exit code: 0 if the shop is as the file says, or for a dry run; 1 if
not.`;

function apply(file: string, options: Options): Promise<void> {
  return options.write ? write(file) : applyFile(file, options);
}

function write(file: string): Promise<void> {
  return withDatabase(async (knex) => {
    const text = await writeShopFile(knex);
    await writeFile(file, text, { flag: "wx", mode: 0o600 }).catch((error: Error) => {
      throw new StartupError(`${file} cannot be written: ${error.message}`);
    });
    console.log(`The shop is in ${file}. The codes of its gift cards are money: keep it secret.`);
  });
}

async function applyFile(file: string, options: Options): Promise<void> {
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new StartupError(`${file} cannot be read: ${error.message}`);
  });
  const read = readShopFile(text, file);
  await withDatabase((knex, config) => showAndApply(knex, config, read, options));
}

async function showAndApply(
  knex: Knex,
  config: Config,
  read: ReadShopFile,
  { yes, dryRun, skipMissing = false, json }: Options,
): Promise<void> {
  const loaded = await loadConfiguredProviders(config, createLog("silent"));
  const providers = {
    "payment provider": loaded.payment.ids,
    "fulfillment provider": loaded.fulfillment.ids,
    "tax provider": loaded.tax.ids,
  };
  const plan = (trx: Knex) => planShop(trx, read.shop, { providers, skipMissing });
  const shown = await plan(knex);
  if (shown.refusals.length > 0)
    throw refused(shown.refusals.map(({ path, message }) => read.messageAt(path, message)));
  if (!json) console.log(planText(shown));
  const decision = await decide(shown, { yes, dryRun, json });
  const applied =
    decision === "apply"
      ? await applyPlan(knex, shown, {
          planAgain: plan,
          prepare: (trx) => installProviders(trx, loaded),
        })
      : [];
  const isApplied = decision === "apply";
  if (json)
    console.log(JSON.stringify({ applied: isApplied, ...planData(shown, applied) }, null, 2));
  else if (isApplied) console.log(appliedText(applied));
  if (decision === "unconfirmed") {
    console.error("Nothing was changed: confirm it with --yes.");
    process.exitCode = FAILED;
  }
}

/** The id of a publishable key is what a storefront sends, so it is told. */
function appliedText(applied: readonly AppliedRow[]): string {
  const keys = applied.filter(
    ({ noun, action }) => noun === "publishable key" && action === "create",
  );
  return [
    `\nApplied ${counted(applied.length)}`,
    ...keys.map(({ label, id }) => `Publishable key ${label}: ${id}`),
  ].join("\n");
}

type Decision = "apply" | "nothing" | "unconfirmed";

async function decide(
  { changes }: ShopPlan,
  { yes, dryRun, json }: Pick<Options, "yes" | "dryRun" | "json">,
): Promise<Decision> {
  if (changes.length === 0 || dryRun) return "nothing";
  if (yes) return "apply";
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return "unconfirmed";
  return (await isConfirmed(changes.length)) ? "apply" : "unconfirmed";
}

async function isConfirmed(count: number): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl+C and Ctrl+D close it, and then no answer comes.
    const closed = once(terminal, "close").then(() => "");
    const asked = terminal.question(`\nApply ${counted(count)}? (yes or no) `);
    const answer = await Promise.race([asked, closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

const counted = (count: number): string => `${count} change${count === 1 ? "" : "s"}`;
