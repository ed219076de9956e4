import { StartupError } from "../../src/core/startup-error.ts";
import { startEmbeddedPostgres } from "../../src/database/embedded/embedded-postgres.ts";

/**
 * Serves a data directory, for tests of processes: prints lines of JSON and reads commands from
 * standard input.
 */
const [directory = ""] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const database = await startEmbeddedPostgres({
    directory,
    onExit: (reason) => say({ lost: reason }),
  });
  const obey: Record<string, () => unknown> = {
    exit: () => process.exit(0),
    stop: () => database.stop().then(() => process.exit(0)),
  };
  // Ctrl-C must not end this program, so that a test sees what PostgreSQL does.
  process.on("SIGINT", () => say({ interrupted: true }));
  process.stdin.on("data", (word) => obey[String(word).trim()]?.());
  say({ url: database.url, directory: database.directory });
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  say({ failure: error.message });
  process.exit(1);
}
