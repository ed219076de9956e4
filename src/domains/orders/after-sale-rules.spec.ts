import { describe, expect, it } from "vitest";
import { NotFoundError, UnauthorizedError } from "../../core/errors.ts";
import { mustBeOpenTo } from "./after-sale-rules.ts";

const order = { id: "order_1", customer_id: "cus_owner" };

describe("returns, swaps and edits of an order", () => {
  it("are open to anyone who knows its id, if no login is required", () => {
    expect(() => mustBeOpenTo("anyone", order, undefined)).not.toThrow();
    expect(() => mustBeOpenTo("anyone", order, "cus_other")).not.toThrow();
  });

  it("are open to its own customer only, if login is required", () => {
    expect(() => mustBeOpenTo("owner", order, undefined)).toThrow(UnauthorizedError);
    expect(() => mustBeOpenTo("owner", order, "cus_other")).toThrow(
      new NotFoundError("Order with id: order_1 was not found"),
    );
    expect(() => mustBeOpenTo("owner", order, "cus_owner")).not.toThrow();
  });
});
