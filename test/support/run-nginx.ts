import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs nginx with the given `http` block, until `stop`. It is there when `isThere` says so.
 * @throws Error with what nginx printed, if it does not start
 */
export async function runNginx(
  program: string,
  block: string,
  isThere: () => Promise<boolean>,
): Promise<{ stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "nettle-nginx-"));
  // Its worker processes are another user's when it is started by root.
  chmodSync(folder, 0o777);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; pid ${join(folder, "pid")}; error_log stderr;
     events {} http { access_log off; ${paths.join(" ")} ${block} }`,
  );
  const child = spawn(program, ["-c", file, "-p", folder], { stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (part) => (output += String(part)));
  const ended = once(child, "exit");
  for (let tries = 0; !(await isThere()); tries++) {
    if (tries > 400 || child.exitCode !== null) throw new Error(`nginx does not start: ${output}`);
    await sleep(50);
  }
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { stop };
}
