import { setTimeout as sleep } from "node:timers/promises";
import type { ServerProcess } from "../start/build-program.ts";

/** Returns the metrics of a server that was started with a METRICS_PORT, by name and labels. */
export async function readMetrics({ out }: ServerProcess): Promise<ReadonlyMap<string, number>> {
  let line: string | undefined;
  for (let tries = 0; !line; tries++) {
    [line] = /\{[^\n]*"event":"metrics_listening"[^\n]*\}/.exec(out()) ?? [];
    if (tries > 200) throw new Error("The metrics are not served");
    if (!line) await sleep(50);
  }
  const { port } = JSON.parse(line) as { port: number };
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const values = text
    .split("\n")
    .filter((each) => each !== "" && !each.startsWith("#"))
    .map((each) => each.split(/ (?=[^ ]+$)/) as [string, string]);
  return new Map(values.map(([name, value]) => [name, Number(value)]));
}
