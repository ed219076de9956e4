import { demoCustomer } from "../../src/demo/demo-shop.ts";
import {
  addWorkload,
  type Bench,
  byTurns,
  loadTurn,
  type PlannedStep,
  secondsOfTurns,
} from "./bench.ts";
import type { Job } from "./http-load.ts";
import type { Server } from "./servers.ts";

const AT_ONCE = 4;

/** Logins that succeed, and logins with a wrong password. */
export function planLogins(bench: Bench, servers: readonly Server[]): PlannedStep[] {
  const jobOf = (password: string): Job => ({
    method: "POST",
    path: "/store/auth/token",
    body: JSON.stringify({ ...demoCustomer, password }),
  });
  const jobs: Readonly<Record<string, Job>> = {
    "log in": jobOf(demoCustomer.password),
    "log in, refused": { ...jobOf("wrong"), expected: 401 },
  };
  return Object.entries(jobs).map(([name, job]) => ({
    name,
    seconds: secondsOfTurns(bench, servers.length),
    run: async () => {
      const turns = servers.map((server) => loadTurn(server, () => job, AT_ONCE));
      addWorkload(bench, name, await byTurns(bench, turns));
    },
  }));
}
