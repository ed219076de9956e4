import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { freePort } from "../support/redis-server.ts";

/** Starts nginx with the documented example in front of two servers. */
export async function startNginx(
  program: string,
  { nettle, medusa }: { readonly nettle: string; readonly medusa: string },
): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "nettle-nginx-"));
  // Its worker processes are another user's when it is started by root.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const example = readFileSync(join(projectRoot(), "docs/examples/nginx.conf"), "utf8")
    .replace("127.0.0.1:9000", new URL(nettle).host)
    .replace("127.0.0.1:9001", new URL(medusa).host)
    .replace("listen 80;", `listen 127.0.0.1:${port};`);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; pid ${join(folder, "pid")}; error_log stderr;
     events {} http { access_log off; ${paths.join(" ")} ${example} }`,
  );
  const child = spawn(program, ["-c", file, "-p", folder], { stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (part) => (output += String(part)));
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await answers(`${url}/health`)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`nginx does not start: ${output}`);
    await sleep(50);
  }
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
