import { expect } from "vitest";
import type { Answer } from "./open-shop.ts";

interface Refusal {
  readonly code?: string;
  readonly type?: string;
  readonly message?: string | RegExp;
}

declare module "vitest" {
  interface Matchers {
    /** The answer is a refusal with this status, a message, and what `refusal` names. */
    toBeRefused(status: number, refusal?: Refusal): void;
  }
}

expect.extend({
  toBeRefused(answer: Answer, status: number, refusal: Refusal = {}) {
    const body = typeof answer.body === "object" ? answer.body : {};
    const message = typeof body?.message === "string" ? body.message : answer.text;
    const fits =
      answer.status === status &&
      message.length > 0 &&
      (refusal.code === undefined || body.code === refusal.code) &&
      (refusal.type === undefined || body.type === refusal.type) &&
      (refusal.message === undefined ||
        (typeof refusal.message === "string"
          ? message === refusal.message
          : refusal.message.test(message)));
    return {
      pass: fits,
      message: () => {
        const expected = `${this.isNot ? "no " : ""}refusal ${status} ${JSON.stringify(refusal)}`;
        return `expected ${expected}, got ${answer.status} ${answer.text.slice(0, 500)}`;
      },
    };
  },
});
