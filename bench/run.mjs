import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { buildSync } from "esbuild";

/** Runs a benchmark by its name: `node bench/run.mjs logins [ARGUMENT…]`. */
const name = process.argv[2] ?? "";
const outfile = `dist/bench-${name}.js`;
buildSync({
  entryPoints: [`bench/${name}.ts`],
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  outfile,
});
const { status } = spawnSync(
  process.execPath,
  ["--enable-source-maps", outfile, ...process.argv.slice(3)],
  { stdio: "inherit" },
);
rmSync(outfile);
process.exitCode = status ?? 1;
