import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildProgram, type NettleProgram, type ServerProcess } from "../start/build-program.ts";

/** A new demo shop in a process of its own, as `npm start` opens it. */
export interface OpenDemo {
  readonly server: ServerProcess;
  close(): Promise<void>;
}

/** Opens a new demo shop with these settings. */
export async function openDemo(settings: Readonly<Record<string, string>> = {}): Promise<OpenDemo> {
  const folder = mkdtempSync(join(tmpdir(), "nettle-examples-"));
  // PostgreSQL does not run as root: the user it runs as must get in.
  chmodSync(folder, 0o755);
  const program: NettleProgram = buildProgram();
  const remove = () => {
    program.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    const server = await program.serve({
      NETTLE_DATA: folder,
      NETTLE_PUBLIC_URL: "http://localhost:9000",
      ...settings,
    });
    const close = async () => {
      server.signal("SIGTERM");
      await server.ended();
      remove();
    };
    return { server, close };
  } catch (error) {
    remove();
    throw error;
  }
}
