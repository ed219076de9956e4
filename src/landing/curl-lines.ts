import type { DemoFacts } from "./landing-facts.ts";

/** Something to try in a terminal. */
export interface CurlExample {
  readonly title: string;
  /** Lines for a POSIX shell. */
  readonly lines: string;
}

const JSON_HEADER = "-H 'content-type: application/json'";

/** Returns the first lines to try at any shop. */
export function firstLines(address: string): CurlExample[] {
  return [
    {
      title: "Three products",
      lines: `curl '${address}/store/products?limit=3&fields=title,handle&expand='`,
    },
    { title: "Regions and their currencies", lines: `curl '${address}/store/regions?expand='` },
    { title: "Is it ready?", lines: `curl ${address}/ready` },
  ];
}

/** Returns the first lines to try at the demo shop. */
export function demoLines(address: string, demo: DemoFacts): CurlExample[] {
  const [products] = firstLines(address);
  const { email, password } = demo.customer;
  return [
    ...(products ? [products] : []),
    {
      title: "Search, with a typo",
      lines: `curl ${address}/store/products/search ${JSON_HEADER} -d '{"q":"ketle","limit":2}'`,
    },
    {
      title: "Log in, then list her orders",
      lines: [
        `curl -c cookies.txt ${address}/store/auth ${JSON_HEADER} \\`,
        `  -d '{"email":"${email}","password":"${password}"}'`,
        `curl -b cookies.txt '${address}/store/customers/me/orders?limit=2'`,
      ].join("\n"),
    },
    ...(demo.checkout ? [{ title: "Place an order", lines: orderLines(address, demo) }] : []),
    ...(demo.orderEditId
      ? [
          {
            title: "The order edit that waits",
            lines: `curl ${address}/store/order-edits/${demo.orderEditId}`,
          },
        ]
      : []),
  ];
}

function orderLines(address: string, { checkout, codes }: DemoFacts): string {
  const code = codes.find(({ isValid }) => isValid)?.code;
  const person =
    '{"first_name":"Ada","last_name":"Lovelace","address_1":"Keizersgracht 1",' +
    '"city":"Amsterdam","postal_code":"1015 CN","country_code":"nl"}';
  const discounts = code ? `,"discounts":[{"code":"${code}"}]` : "";
  const items = `[{"variant_id":"${checkout?.variant}","quantity":1}]`;
  const cart = `{"region_id":"${checkout?.region}","items":${items}}`;
  return [
    `shop=${address}/store`,
    `json='content-type: application/json'`,
    `cart=$(curl -s $shop/carts -H "$json" \\`,
    `  -d '${cart}' \\`,
    `  | sed 's/^{"cart":{"id":"\\([a-zA-Z0-9_]*\\).*/\\1/')`,
    `curl -s $shop/carts/$cart -H "$json" -o cart.json \\`,
    `  -d '{"email":"ada@example.com"${discounts},"shipping_address":${person}}'`,
    `curl -s $shop/carts/$cart/shipping-methods -H "$json" -o cart.json \\`,
    `  -d '{"option_id":"${checkout?.shippingOption}"}'`,
    `curl -s -X POST $shop/carts/$cart/payment-sessions -o cart.json`,
    `curl -X POST $shop/carts/$cart/complete`,
  ].join("\n");
}
