import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../src/runtime/project-root.ts";

const packages = [
  "@medusajs/medusa@1.20.11",
  "@medusajs/event-bus-local@1.9.9",
  "@medusajs/cache-inmemory@1.8.11",
  "medusa-interfaces@1.3.10",
  "medusa-payment-manual@1.0.25",
  "medusa-payment-paypal@6.0.5",
  "medusa-payment-stripe@6.0.11",
  "medusa-fulfillment-manual@1.1.41",
  "typeorm@0.3.17",
];

/**
 * Returns a folder with Medusa 1.20.11 in its node_modules: MEDUSA_HOME, or a folder below
 * node_modules/.cache, where it is installed the first time.
 * @throws Error the registry cannot be reached, or npm failed; the message has npm's output
 */
export function installMedusa(): string {
  const given = process.env["MEDUSA_HOME"];
  const home = given || join(projectRoot(), "node_modules/.cache/medusa-1.20.11-with-plugins");
  if (existsSync(cliOf(home))) return home;
  if (given) throw new Error(`MEDUSA_HOME is ${given}, but ${cliOf(given)} does not exist`);
  console.log("Installing Medusa 1.20.11 from the npm registry once; this takes some minutes");
  mkdirSync(dirname(home), { recursive: true });
  const unfinished = mkdtempSync(`${home}.new-`);
  try {
    install(unfinished);
    // Another run may have installed it meanwhile.
    if (!existsSync(home)) renameSync(unfinished, home);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return home;
}

/** Returns the path of Medusa's command line program. */
export const cliOf = (home: string): string => join(home, "node_modules/@medusajs/medusa/cli.js");

function install(folder: string): void {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "medusa", private: true }));
  const words = [
    "install",
    "--legacy-peer-deps",
    "--save-exact",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    ...packages,
  ];
  const { status, stderr } = spawnSync("npm", words, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
  });
  if (status !== 0)
    throw new Error(`Medusa could not be installed; these tests need the npm registry:\n${stderr}`);
}
