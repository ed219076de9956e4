import { describe, expect, it } from "vitest";
import { createLog } from "../../runtime/log.ts";
import { type Limited, limitReports } from "./limit-reports.ts";

describe("who is refused by a limit", () => {
  const reporting = () => {
    const lines: { address?: string; setting?: string; msg: string }[] = [];
    const log = createLog("warn", { to: { write: (line) => void lines.push(JSON.parse(line)) } });
    const clock = { now: 1_000_000 };
    return { lines, clock, report: limitReports(log, () => clock.now) };
  };
  const limited: Limited = {
    ...{ address: "192.0.2.1", setting: "RATE_LIMIT_REQUESTS", limit: 3, request: "id-1" },
  };

  it("is named once a minute for each address and setting", () => {
    const { lines, clock, report } = reporting();
    for (let times = 0; times < 5; times++) report(limited);
    report({ ...limited, address: "192.0.2.2" });
    report({ ...limited, setting: "RATE_LIMIT_CATALOGUE" });
    expect(lines.map(({ address, setting }) => [address, setting])).toEqual([
      ["192.0.2.1", "RATE_LIMIT_REQUESTS"],
      ["192.0.2.2", "RATE_LIMIT_REQUESTS"],
      ["192.0.2.1", "RATE_LIMIT_CATALOGUE"],
    ]);
    clock.now += 60_000;
    report(limited);
    expect(lines).toHaveLength(4);
  });

  it("is named a hundred times a minute at most", () => {
    const { lines, report } = reporting();
    for (let one = 0; one < 500; one++) report({ ...limited, address: `10.0.${one % 250}.${one}` });
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)?.msg).toBe("More addresses are refused by limits than are named here");
  });
});
