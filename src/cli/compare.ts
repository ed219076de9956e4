import { type Command, InvalidArgumentError } from "commander";
import {
  type Comparison,
  compareServers,
  type Finding,
  type Servers,
} from "../comparison/compare-servers.ts";
import { crawlCatalogue } from "../comparison/crawl-catalogue.ts";
import { pathsOfALog } from "../comparison/paths-of-a-log.ts";
import { pathsOfCart, pathsOfOrder, pathsOfRows } from "../comparison/paths-of-rows.ts";
import { readAnswer } from "../comparison/read-answer.ts";
import { loadConfig } from "../config/config.ts";
import { StartupError } from "../core/startup-error.ts";
import { COULD_NOT, FAILED } from "./exit-codes.ts";
import { withExamples } from "./help-text.ts";
import { progressLine } from "./progress-line.ts";
import { withDatabase } from "./with-database.ts";

interface Options {
  readonly medusa: string;
  readonly nettle: string;
  readonly log?: string;
  readonly carts: readonly string[];
  readonly orders: readonly string[];
  readonly sample: number;
  readonly header: readonly string[];
  readonly json?: true;
}

/** Adds `nettle compare` to the program. */
export function addCompareCommand(program: Command): void {
  const comparing = program
    .command("compare")
    .description("send the same reads to a Medusa and to a Nettle, and report what differs")
    .requiredOption("--medusa <url>", "the address of Medusa", webAddress)
    .requiredOption("--nettle <url>", "the address of Nettle", webAddress)
    .option("--log <file>", "send the reads of an access log, or of a list of paths")
    .option("--carts <ids>", "compare these carts, separated by commas", list, [])
    .option("--orders <ids>", "compare these orders, separated by commas", list, [])
    .option("--sample <number>", "how many products, carts, orders or lines of a log", count, 100)
    .option("--header <line>", "send a header with each read; may be repeated", collect, [])
    .option("--json", "print JSON")
    .action(compare);
  withExamples(
    comparing,
    [
      ["compare --medusa http://localhost:9001 --nettle http://localhost:9000"],
      ["compare --medusa http://a:9001 --nettle http://b:9000 --log access.log --sample 5000"],
      ["compare --medusa http://a:9001 --nettle http://b:9000 --header 'x-a-key: pk_1' --json"],
    ],
    EXPLANATION,
  );
}

const EXPLANATION = `\
Without --log it reads the catalogue: each list, and each product with what its page asks for. With
DATABASE_URL also the newest carts and orders. It sends GET requests only. Exit code: 0 if nothing
differs but what is meant to, 1 if something does, 2 if it could not compare.`;

async function compare(options: Options): Promise<void> {
  try {
    const { medusa, nettle } = options;
    const servers = { medusa, nettle, headers: headersOf(options.header) };
    await mustAnswer(servers);
    const paths = await pathsFor(servers, options);
    const progress = progressLine("reads compared", paths.length);
    const comparison = await compareServers(servers, paths, progress.show);
    progress.end();
    console.log(options.json ? JSON.stringify(comparison, null, 2) : reportOf(comparison));
    process.exitCode = comparison.findings.some(({ name }) => !name) ? FAILED : 0;
  } catch (error) {
    process.exitCode = COULD_NOT;
    if (!(error instanceof StartupError)) throw error;
    console.error(error.message);
  }
}

/** @throws StartupError if one of them does not answer at all */
async function mustAnswer({ medusa, nettle, headers }: Servers): Promise<void> {
  for (const server of [medusa, nettle])
    await readAnswer(server, "/store/regions", headers).catch((error: Error) => {
      throw new StartupError(`${server} does not answer: ${error.message}`);
    });
}

async function pathsFor(
  servers: Servers,
  { log, carts, orders, sample }: Options,
): Promise<string[]> {
  const named = [...carts.flatMap(pathsOfCart), ...orders.flatMap(pathsOfOrder)];
  const paths = log
    ? [...named, ...(await pathsOfALog(log, sample).catch(cannotBeRead(log)))]
    : [
        ...named,
        ...(await crawlCatalogue(servers.medusa, servers.headers, sample)),
        ...(await pathsOfOwnRows(sample)),
      ];
  if (paths.length === 0) throw new StartupError(`There is no read of the Store API in ${log}.`);
  return [...new Set(paths)];
}

const cannotBeRead = (file: string) => (error: Error) => {
  throw new StartupError(`${file} cannot be read: ${error.message}`);
};

async function pathsOfOwnRows(sample: number): Promise<string[]> {
  if (!loadConfig("database").database.url) return [];
  let paths: string[] = [];
  await withDatabase(async (knex) => {
    paths = await pathsOfRows(knex, sample);
  });
  return paths;
}

function reportOf({ requests, equal, findings }: Comparison): string {
  const deliberate = findings.filter(({ name }) => name);
  const others = findings.filter(({ name }) => !name);
  return [
    `${requests} reads, ${equal} answered alike`,
    ...(deliberate.length > 0 ? ["", "Deliberate differences (docs/differences.md):"] : []),
    ...deliberate.map(
      ({ name, path, requests: times, reason }) => `  ${name}  ${path}  ${times}×  ${reason}`,
    ),
    "",
    others.length > 0 ? "Differences:" : "Nothing else differs.",
    ...others.flatMap(linesOf),
  ].join("\n");
}

function linesOf({ path, requests, example, medusa, nettle }: Finding): string[] {
  return [
    `  ${path || "the body"}  ${requests}×, first in GET ${example}`,
    `    Medusa: ${shortened(medusa)}`,
    `    Nettle: ${shortened(nettle)}`,
  ];
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? "(nothing)";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function webAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError("It must be an address such as http://localhost:9000.");
  return text;
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000)
    throw new InvalidArgumentError("It must be a whole number from 1 to 1000000.");
  return number;
}

const list = (text: string): string[] => text.split(",").map((each) => each.trim());

const collect = (text: string, before: readonly string[]): string[] => [...before, text];

/** @throws StartupError if a line is no header */
function headersOf(lines: readonly string[]): Record<string, string> {
  const pairs = lines.map((line) => {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (!name) throw new StartupError(`"${line}" is no header: write it as Name: value.`);
    return [name, value ?? ""];
  });
  return Object.fromEntries(pairs);
}
