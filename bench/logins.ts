import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoCustomer } from "../src/demo/demo-shop.ts";
import { buildProgram } from "../test/start/build-program.ts";

/**
 * Measures what logins cost other requests: how long a page of products takes on the demo shop,
 * alone and with fifty logins in flight. Fails when the 95th percentile is more than three times
 * that of the idle shop.
 */
const IN_FLIGHT = 50;
const SECONDS = 8;
const MAX_RATIO = 3;

const folder = await mkdtemp(join(tmpdir(), "nettle-bench-"));
await chmod(folder, 0o755);
const program = buildProgram();
const settings = {
  NETTLE_DATA: folder,
  RATE_LIMIT: "off",
  LOG_LEVEL: "warn",
  PASSWORD_FORM: "bcrypt",
};
const server = await program.serve(settings);
try {
  await measureReads(2);
  const idle = await measureReads(SECONDS);
  const stop = new AbortController();
  const logins = Promise.all(Array.from({ length: IN_FLIGHT }, () => logInRepeatedly(stop.signal)));
  const busy = await measureReads(SECONDS);
  stop.abort();
  const done = (await logins).reduce((sum, count) => sum + count, 0);
  const ratio = busy.p95 / idle.p95;
  const summary = ({ reads, p50, p95 }: typeof idle) =>
    `${reads} reads, p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
  console.log(`idle:      ${summary(idle)}`);
  console.log(`${IN_FLIGHT} logins: ${summary(busy)}; ${done} logins`);
  console.log(`p95 is ${ratio.toFixed(2)} times that of the idle shop`);
  process.exitCode = ratio > MAX_RATIO ? 1 : 0;
} finally {
  server.signal("SIGTERM");
  await server.ended();
  program.remove();
  await rm(folder, { recursive: true, force: true });
}

/** Reads a page of products repeatedly. Returns the times in milliseconds. */
async function measureReads(seconds: number): Promise<{ reads: number; p50: number; p95: number }> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const begin = performance.now();
    const answer = await fetch(`${server.url}/store/products?limit=12`);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`A read was answered with ${answer.status}`);
    times.push(performance.now() - begin);
  }
  times.sort((one, other) => one - other);
  const at = (part: number) => times[Math.floor(times.length * part)] ?? 0;
  return { reads: times.length, p50: at(0.5), p95: at(0.95) };
}

async function logInRepeatedly(signal: AbortSignal): Promise<number> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(demoCustomer),
  };
  for (let count = 0; ; count++) {
    if (signal.aborted) return count;
    const answer = await fetch(`${server.url}/store/auth`, init);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`A login was answered with ${answer.status}`);
  }
}
