import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { context } from "esbuild";

/**
 * `npm run dev`: builds the server, runs it, and restarts it when one of its source files changes.
 * A build that fails leaves the running server alone. Types are not checked here.
 */
const outdir = "dist/dev";
let server;
let isStopping = false;
let restart = Promise.resolve();

/** Waits until the old server has stopped: its PostgreSQL and its port must be free. */
async function restartServer() {
  await stopServer();
  if (isStopping) return;
  server = spawn(process.execPath, ["--enable-source-maps", `${outdir}/nettle.js`, "serve"], {
    stdio: "inherit",
    // Ctrl-C signals the whole process group, and a second signal makes the server stop abruptly.
    detached: true,
  });
}

async function stopServer() {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill("SIGTERM");
  await exited;
}

const builder = await context({
  entryPoints: ["src/cli/nettle.ts", "src/cli/program.ts"],
  bundle: true,
  splitting: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: true,
  outdir,
  logLevel: "warning",
  plugins: [
    {
      name: "restart",
      setup(build) {
        build.onEnd(({ errors }) => {
          if (errors.length === 0) restart = restart.then(restartServer);
        });
      },
    },
  ],
});

async function stop() {
  if (isStopping) return;
  isStopping = true;
  await builder.dispose();
  await restart;
  await stopServer();
  rmSync(outdir, { recursive: true, force: true });
}
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

await builder.watch();
