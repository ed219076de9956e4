import { readdirSync, readFileSync } from "node:fs";

/** What a process and those below it have used. */
export interface Use {
  /** Seconds of processor time. */
  readonly cpu: number;
  /** Of all of them, in megabytes. */
  readonly memory: number;
}

const TICKS_A_SECOND = 100;
const PAGES_A_MEGABYTE = 256;

/** Reads it from /proc; on a system without that, all is 0. */
export function useOf(pid: number): Use {
  let [cpu, memory] = [0, 0];
  for (const each of familyOf(pid)) {
    const fields = statOf(each);
    cpu += (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    memory += Number(fields[21]) / PAGES_A_MEGABYTE;
  }
  return { cpu, memory };
}

function familyOf(pid: number): number[] {
  const family = [pid];
  try {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    for (const child of pids.map(Number)) if (Number(statOf(child)[1]) === pid) family.push(child);
  } catch {
    return [];
  }
  return family;
}

/** Returns the fields of a process behind its name, which may hold spaces. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
