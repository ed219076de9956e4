/**
 * A request of a folder whose requests work one after another: an operation of the API document,
 * with what is sent and looked for.
 */
export interface WorkingRequest {
  readonly operation: string;
  readonly name: string;
  /** The query, by name. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** The status that is looked for; 200 unless said. */
  readonly status?: number;
  /** Lines of the test script after the one about the status; `body` is the answer. */
  readonly script?: readonly string[];
}

/** A folder whose requests are run from top to bottom. */
export interface WorkingFolder {
  readonly name: string;
  readonly description: string;
  readonly requests: readonly WorkingRequest[];
}

const setVariable = (name: string, value: string) =>
  `pm.collectionVariables.set(${JSON.stringify(name)}, ${value});`;
const expectTrue = (what: string, holds: string) =>
  `pm.test(${JSON.stringify(what)}, () => pm.expect(${holds}).to.be.true);`;

const login = { email: "{{email}}", password: "{{password}}" };
const bearer = { Authorization: "Bearer {{token}}" };

const byCookie: WorkingFolder = {
  name: "1. Log in by cookie",
  description:
    "As a browser does: the answer sets a cookie, Postman keeps it and sends it along. Ends logged out.",
  requests: [
    {
      operation: "POST /store/auth",
      name: "Log in",
      body: login,
      script: [
        expectTrue("It is the customer", `body.customer.email === pm.variables.get("email")`),
      ],
    },
    {
      operation: "GET /store/auth",
      name: "Who is logged in",
      script: [
        expectTrue("It is the customer", `body.customer.email === pm.variables.get("email")`),
      ],
    },
    {
      operation: "GET /store/customers/me",
      name: "My account",
      script: [
        expectTrue("The password stays inside", "!JSON.stringify(body).includes('password')"),
      ],
    },
    {
      operation: "GET /store/customers/me/orders",
      name: "My orders",
      query: { limit: "5" },
      script: [expectTrue("They are counted", "body.count >= body.orders.length")],
    },
    { operation: "DELETE /store/auth", name: "Log out", script: [] },
    {
      operation: "GET /store/customers/me",
      name: "Nobody's account any more",
      status: 401,
      script: [],
    },
  ],
};

const byToken: WorkingFolder = {
  name: "2. Log in by token",
  description:
    "For programs that keep no cookies: the answer holds a token, which goes along as a Bearer token.",
  requests: [
    {
      operation: "POST /store/auth/token",
      name: "Get a token",
      body: login,
      script: [
        setVariable("token", "body.access_token"),
        expectTrue("There is one", "body.access_token.length > 50"),
      ],
    },
    {
      operation: "GET /store/customers/me",
      name: "My account, by token",
      headers: bearer,
      script: [
        expectTrue("It is the customer", `body.customer.email === pm.variables.get("email")`),
      ],
    },
    {
      operation: "GET /store/customers/me",
      name: "Nobody's account, by a wrong token",
      headers: { Authorization: "Bearer {{token}}x" },
      status: 401,
    },
  ],
};

const address = {
  first_name: "Gro",
  last_name: "Holm",
  address_1: "Strandvejen 1",
  city: "Aarhus",
  postal_code: "8000",
  country_code: "{{country_code}}",
};
const total = [
  expectTrue(
    "The total is the sum",
    "body.cart.total === body.cart.subtotal + body.cart.shipping_total + body.cart.tax_total",
  ),
];

const toAnOrder: WorkingFolder = {
  name: "3. From the product list to an order",
  description:
    "A guest buys two pieces. What one answer gives (region, cart, line, …) the next request takes from the collection's variables.",
  requests: [
    {
      operation: "GET /store/regions",
      name: "Choose a region",
      script: [
        `const region = body.regions.find(({ payment_providers }) => payment_providers.some(({ id }) => id === "manual"));`,
        setVariable("region_id", "region.id"),
        setVariable("country_code", "region.countries[0].iso_2"),
        setVariable("provider_id", `"manual"`),
      ],
    },
    {
      operation: "GET /store/products",
      name: "List products with prices",
      query: { region_id: "{{region_id}}", limit: "20", is_giftcard: "false" },
      script: [
        "const inStock = (variant) => variant.calculated_price > 0 && variant.inventory_quantity > 5;",
        "const product = body.products.find(({ variants }) => variants.some(inStock));",
        setVariable("product_id", "product.id"),
        setVariable("variant_id", "product.variants.find(inStock).id"),
      ],
    },
    {
      operation: "GET /store/products/{id}",
      name: "Show one",
      query: { region_id: "{{region_id}}" },
      script: [expectTrue("It is the one", `body.product.id === pm.variables.get("product_id")`)],
    },
    {
      operation: "POST /store/carts",
      name: "Create a cart",
      body: { region_id: "{{region_id}}", country_code: "{{country_code}}" },
      script: [
        setVariable("cart_id", "body.cart.id"),
        expectTrue("It is empty", "body.cart.total === 0"),
      ],
    },
    {
      operation: "POST /store/carts/{id}/line-items",
      name: "Put a piece into it",
      body: { variant_id: "{{variant_id}}", quantity: 1 },
      script: [setVariable("line_id", "body.cart.items[0].id"), ...total],
    },
    {
      operation: "POST /store/carts/{id}/line-items/{line_id}",
      name: "Make it two",
      body: { quantity: 2 },
      script: [expectTrue("There are two", "body.cart.items[0].quantity === 2"), ...total],
    },
    {
      operation: "POST /store/carts/{id}",
      name: "Say who buys, and where to",
      body: { email: "gro@example.com", shipping_address: address, billing_address: address },
      script: [expectTrue("It is noted", `body.cart.shipping_address.city === "Aarhus"`), ...total],
    },
    {
      operation: "GET /store/shipping-options/{cart_id}",
      name: "How can it be shipped?",
      script: [setVariable("option_id", "body.shipping_options[0].id")],
    },
    {
      operation: "POST /store/carts/{id}/shipping-methods",
      name: "Choose a way of shipping",
      body: { option_id: "{{option_id}}" },
      script: [expectTrue("It is chosen", "body.cart.shipping_methods.length === 1"), ...total],
    },
    {
      operation: "POST /store/carts/{id}/payment-sessions",
      name: "Create payment sessions",
      script: [
        expectTrue(
          "The manual one is among them",
          `body.cart.payment_sessions.some((one) => one.provider_id === "manual")`,
        ),
      ],
    },
    {
      operation: "POST /store/carts/{id}/payment-session",
      name: "Choose how to pay",
      body: { provider_id: "{{provider_id}}" },
      script: [
        expectTrue(
          "What is due will be paid",
          "body.cart.payment_session.amount === body.cart.total",
        ),
      ],
    },
    {
      operation: "POST /store/carts/{id}/complete",
      name: "Order",
      headers: { "Idempotency-Key": "{{$guid}}" },
      script: [
        expectTrue("It is an order", `body.type === "order"`),
        setVariable("order_id", "body.data.id"),
        setVariable("display_id", "body.data.display_id"),
      ],
    },
    {
      operation: "GET /store/orders/{id}",
      name: "Show the order",
      script: [
        expectTrue("It is the cart's", `body.order.cart_id === pm.variables.get("cart_id")`),
        expectTrue("It is paid", "body.order.paid_total === body.order.total"),
      ],
    },
    {
      operation: "GET /store/orders",
      name: "Look it up as a guest",
      query: { display_id: "{{display_id}}", email: "gro@example.com" },
      script: [expectTrue("It is the one", `body.order.id === pm.variables.get("order_id")`)],
    },
  ],
};

/** What can be run from top to bottom in a demo shop, in this order. */
export const workingFolders: readonly WorkingFolder[] = [byCookie, byToken, toAnOrder];
