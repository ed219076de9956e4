import { setImmediate as nextTurn } from "node:timers/promises";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { requestLines } from "./request-lines.ts";

describe("the lines of requests", () => {
  const written = (level = "info") => {
    const lines: string[] = [];
    const log = pino({ level }, { write: (line) => void lines.push(line) });
    return { lines, log: log.child({ worker: 'a "quoted" name' }) };
  };
  const line = {
    ...{ request: "id-1", method: "GET", route: "/store/regions", status: 200, ms: 3 },
    isSent: true,
  };

  it("are not written below the level of the log", async () => {
    const { lines, log } = written("warn");
    requestLines(log)(line);
    await nextTurn();
    expect(lines).toEqual([]);
    requestLines(log)({ ...line, status: 500 });
    await nextTurn();
    expect(lines).toHaveLength(1);
  });

  it("are those that the log itself writes, each with its own time, id and duration", async () => {
    const { lines, log } = written();
    const logRequest = requestLines(log);
    const startedAt = Date.now();
    logRequest(line);
    logRequest({ ...line, request: "id-2", ms: 40 });
    logRequest({ ...line, isSent: false });
    logRequest({ ...line, status: 503 });
    await nextTurn();
    expect(lines).toHaveLength(1);
    const [first, second, aborted, failed] = lines.join("").trimEnd().split("\n").map(parsed);
    const { request, method, route, status, ms } = line;
    log.info({ request, event: "request", method, route, status, ms }, "Request answered");
    const { time, ...rest } = parsed(lines[1] ?? "");
    expect(first).toEqual({ ...rest, time: expect.any(Number) });
    expect(second).toEqual({ ...first, time: second?.["time"], request: "id-2", ms: 40 });
    expect(aborted?.["msg"]).toBe("Request aborted by the client");
    expect(failed).toMatchObject({ level: 50, status: 503, msg: "Request failed" });
    expect(first?.["time"]).toBeGreaterThanOrEqual(startedAt);
    expect(first?.["time"]).toBeLessThanOrEqual(Number(time));
  });
});

function parsed(line: string): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>;
}
