import { expect, it } from "vitest";
import { loggedPath } from "./request-log.ts";

it.each([
  ["/", "/"],
  ["/favicon.ico?x=1", "/favicon.ico"],
  ["/store/no-such-route", "/store/no-such-route"],
  ["/demo/pictures/tarn-mug-1.webp", "/demo/pictures/tarn-mug-1.webp"],
  ["/store/cards/TARN-PINE-WALK-0100", "/store/cards/:value"],
  ["/store/carts/cart_01HX2J3K4M5N6P7Q8R9S0T1V2W/x", "/store/carts/:value/x"],
  ["/nowhere/ada@example.com", "/nowhere/:value"],
  ["/nowhere/ada%40example.com", "/nowhere/:value"],
  ["/reset/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/reset/:value"],
  ["/phone/4412345678", "/phone/:value"],
  [`/${"long".repeat(40)}`, "/:value"],
])("the path %s is logged as %s", (url, logged) => {
  expect(loggedPath(url)).toBe(logged);
});
