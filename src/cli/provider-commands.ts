import type { Command } from "commander";
import { type Config, loadConfig } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { checkProviders, type ProviderReport } from "../providers/contract/check-providers.ts";
import type { CheckResult } from "../providers/contract/contract-check.ts";
import { loadContractSupport } from "../providers/contract/load-contract-support.ts";
import { loadOwnProviders } from "../providers/load-providers.ts";
import { loadMedusaPlugins } from "../providers/medusa-plugins/load-medusa-plugins.ts";
import type { OwnProviders } from "../providers/providers.ts";
import { commandLine } from "../runtime/command-line.ts";
import { createLog } from "../runtime/log.ts";
import { FAILED } from "./exit-codes.ts";
import { withExamples } from "./help-text.ts";

interface TestOptions {
  readonly support?: string;
  readonly plugins?: string;
  readonly medusaShop?: string;
  readonly seconds?: string;
  readonly json?: true;
}

/** Adds `nettle providers` to the program. */
export function addProviderCommands(program: Command): void {
  const providers = program.command("providers").description("test providers of your own");
  withExamples(providers, [["providers test ./my-tax.js"]]);
  const testing = providers
    .command("test [modules...]")
    .description("try the contract on providers: those of modules, or those of the settings")
    .option("--support <module>", "what only you know of your providers; see docs/providers.md")
    .option("--plugins <names>", "plugins of Medusa's, separated by commas")
    .option("--medusa-shop <folder>", "the folder of the Medusa backend that has them")
    .option("--seconds <number>", "how long an answer may take; PROVIDER_SECONDS if left out")
    .option("--json", "print JSON")
    .action(testProviders);
  withExamples(
    testing,
    [
      ["providers test ./my-tax.js"],
      ["providers test ./my-bank.js --support ./my-bank-support.js"],
      ["providers test --plugins medusa-payment-paypal --medusa-shop /srv/medusa"],
      ["providers test --json", "those that PROVIDERS and MEDUSA_PLUGINS name"],
    ],
    "Payments are initiated, held, captured and refunded: use the test mode of your payment\n" +
      "provider. No database is used. The exit code is 1 if a check fails.",
  );
}

async function testProviders(modules: string[], options: TestOptions): Promise<void> {
  const config = loadConfig("database");
  const seconds = requireSeconds(options.seconds ?? String(config.providers.seconds));
  const { own, elsewhere } = await loadNamed(modules, options, config);
  const support = options.support ? await loadContractSupport(options.support) : undefined;
  if (own.payment.length > 0)
    console.error(
      "Payments are initiated, held, captured and refunded now. Providers should be in test mode.",
    );
  // Nothing else keeps the process alive while a provider does not answer.
  const alive = setInterval(() => undefined, 1000);
  const reports = await checkProviders(own, { seconds, support, elsewhere });
  clearInterval(alive);
  const failed = reports.flatMap(({ checks }) => checks).filter(isFailed);
  const text = options.json ? JSON.stringify(summaryOf(reports), null, 2) : textOf(reports);
  // A provider may leave connections open, which would keep the process alive.
  process.stdout.write(`${text}\n`, () => process.exit(failed.length > 0 ? FAILED : 0));
}

async function loadNamed(
  modules: readonly string[],
  options: TestOptions,
  { providers: { modules: configured, medusa } }: Config,
) {
  const named = modules.length > 0 || options.plugins ? modules : configured;
  const plugins = options.plugins
    ? options.plugins.split(",").map((name) => name.trim())
    : modules.length > 0
      ? []
      : (medusa?.plugins ?? []);
  const folder = options.medusaShop ?? medusa?.folder;
  if (plugins.length > 0 && !folder)
    throw new StartupError("Name the folder of the Medusa backend by --medusa-shop.");
  const directory = process.cwd();
  const origin = modules.length > 0 ? "You named" : "PROVIDERS names";
  const loaded = await loadOwnProviders(named, { directory, origin });
  const elsewhere = await loadOwnProviders(named, { directory, origin, instance: "2" });
  // Standard output is for the results.
  const log = createLog("silent");
  const ofPlugins = folder ? loadMedusaPlugins({ folder, plugins }, log) : {};
  const { payment = [], fulfillment = [] } = ofPlugins as Partial<OwnProviders>;
  const own: OwnProviders = {
    tax: loaded.tax,
    fulfillment: [...loaded.fulfillment, ...fulfillment],
    payment: [...loaded.payment, ...payment],
  };
  if (Object.values(own).every((ofKind) => ofKind.length === 0))
    throw new StartupError(`Name a module, such as ${commandLine("providers test ./mine.js")}.`);
  return { own, elsewhere };
}

function requireSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 300))
    throw new StartupError(`--seconds must be a number from 0 to 300, not "${text}".`);
  return seconds;
}

function isFailed({ outcome }: CheckResult): boolean {
  return outcome === "failed";
}

function summaryOf(reports: readonly ProviderReport[]) {
  const all = reports.flatMap(({ checks }) => checks);
  const count = (outcome: CheckResult["outcome"]) =>
    all.filter((one) => one.outcome === outcome).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    not_applicable: count("not_applicable"),
    providers: reports,
  };
}

function textOf(reports: readonly ProviderReport[]): string {
  const { passed, failed, not_applicable } = summaryOf(reports);
  return [
    ...reports.flatMap(({ kind, id, checks }) => [
      `The ${kind} provider ${id}`,
      ...checks.flatMap(linesOf),
      "",
    ]),
    `${passed} passed, ${failed} failed, ${not_applicable} not applicable`,
  ].join("\n");
}

const WORDS = { passed: "passed", failed: "FAILED", not_applicable: "n/a   " } as const;

function linesOf({ check, outcome, reason, remedy }: CheckResult): string[] {
  const indent = " ".repeat(10);
  return [
    `  ${WORDS[outcome]}  ${check}`,
    ...(reason ? [`${indent}${reason}`] : []),
    ...(remedy ? [`${indent}→ ${remedy}`] : []),
  ];
}
