import { describe, expect, it } from "vitest";
import { NotFoundError, UnauthorizedError } from "../../core/errors.ts";
import { mustBeOpenTo } from "./after-sale-rules.ts";

const order = { id: "order_1", customer_id: "cus_owner" };

describe("who may return, swap or edit an order", () => {
  it("is whoever knows its id, where the shop asks for no login", () => {
    expect(() => mustBeOpenTo("anyone", order, undefined)).not.toThrow();
    expect(() => mustBeOpenTo("anyone", order, "cus_other")).not.toThrow();
  });

  it("is its own customer alone, where it does", () => {
    expect(() => mustBeOpenTo("owner", order, undefined)).toThrow(UnauthorizedError);
    expect(() => mustBeOpenTo("owner", order, "cus_other")).toThrow(
      new NotFoundError("Order with id: order_1 was not found"),
    );
    expect(() => mustBeOpenTo("owner", order, "cus_owner")).not.toThrow();
  });
});
