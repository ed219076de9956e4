import { describe, expect, it } from "vitest";
import { prettyMessage } from "./pretty-message.ts";

const request = { event: "request", level: 30, request: "id-1", method: "GET", status: 200, ms: 3 };

describe("an entry of the log as text", () => {
  it("is one short line for a request", () => {
    expect(prettyMessage({ ...request, route: "/store/regions", msg: "Request answered" })).toBe(
      "GET 200 /store/regions  3 ms",
    );
  });

  it("shows path and address of a request that is refused", () => {
    const refused = { ...request, status: 404, path: "/favicon.ico", address: "192.0.2.1" };
    expect(prettyMessage({ ...refused, msg: "Request answered" })).toBe(
      "GET 404 /favicon.ico  3 ms  from 192.0.2.1",
    );
    expect(prettyMessage({ ...refused, msg: "Request aborted by the client" })).toContain(
      "aborted",
    );
  });

  it("keeps the lines of a mail, and its links whole", () => {
    const link = `http://localhost:8000/reset-password?token=${"x".repeat(300)}&email=a@b.c`;
    const msg = `Mail to a@b.c: Your password\nChoose a new one:\n${link}\n`;
    expect(prettyMessage({ level: 30, event: "mail_logged", msg })).toBe(msg);
  });

  it("shows the fields and the request of a warning, and the stack of an error", () => {
    expect(
      prettyMessage({
        ...{ level: 40, event: "rate_limited", request: "id-1", limit: 3, msg: "Refused" },
        err: { message: "no", stack: "Error: no\n    at here" },
      }),
    ).toBe("Refused  request=id-1 limit=3\n    Error: no\n        at here");
  });
});
