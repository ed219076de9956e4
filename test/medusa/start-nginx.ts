import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/runtime/project-root.ts";
import { freePort } from "../support/redis-server.ts";
import { runNginx } from "../support/run-nginx.ts";

/** Starts nginx with the documented example in front of two servers. */
export async function startNginx(
  program: string,
  { nettle, medusa }: { readonly nettle: string; readonly medusa: string },
): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const example = readFileSync(join(projectRoot(), "docs/examples/nginx.conf"), "utf8")
    .replace("127.0.0.1:9000", new URL(nettle).host)
    .replace("127.0.0.1:9001", new URL(medusa).host)
    .replace("listen 80;", `listen 127.0.0.1:${port};`);
  const url = `http://127.0.0.1:${port}`;
  const { stop } = await runNginx(program, example, () => answers(`${url}/health`));
  return { url, stop };
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
