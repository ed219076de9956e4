import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { buildSync } from "esbuild";

/** Runs a benchmark by its name: `node bench/run.mjs logins [ARGUMENT…]`. */
const name = process.argv[2] ?? "";
const outfile = `dist/bench-${name}-${process.pid}.js`;
buildSync({
  entryPoints: [`bench/${name}.ts`],
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  outfile,
});
const child = spawn(process.execPath, ["--enable-source-maps", outfile, ...process.argv.slice(3)], {
  stdio: "inherit",
});
// A terminal sends Ctrl-C to both; the benchmark ends what it has started, and this waits for it.
process.on("SIGINT", () => undefined);
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
const [status] = await once(child, "exit");
rmSync(outfile);
process.exitCode = status ?? 1;
