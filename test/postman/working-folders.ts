/**
 * A request of a folder that runs in order: an operation of the API document, what is sent and what
 * is checked.
 */
export interface WorkingRequest {
  readonly operation: string;
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** The expected status; 200 by default. */
  readonly status?: number;
  /** Further lines of the test script; `body` is the response. */
  readonly script?: readonly string[];
}

/** A folder whose requests run from top to bottom. */
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
    "As a browser does: the response sets a cookie, which Postman stores and sends. Ends logged " +
    "out.",
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
      name: "Show the logged-in customer",
      script: [
        expectTrue("It is the customer", `body.customer.email === pm.variables.get("email")`),
      ],
    },
    {
      operation: "GET /store/customers/me",
      name: "Show my account",
      script: [expectTrue("The password is hidden", "!JSON.stringify(body).includes('password')")],
    },
    {
      operation: "GET /store/customers/me/orders",
      name: "List my orders",
      query: { limit: "5" },
      script: [expectTrue("The count is right", "body.count >= body.orders.length")],
    },
    { operation: "DELETE /store/auth", name: "Log out", script: [] },
    {
      operation: "GET /store/customers/me",
      name: "My account, logged out",
      status: 401,
      script: [],
    },
  ],
};

const byToken: WorkingFolder = {
  name: "2. Log in by token",
  description:
    "For programs without cookies: the response contains a token, which is sent as a Bearer token.",
  requests: [
    {
      operation: "POST /store/auth/token",
      name: "Get a token",
      body: login,
      script: [
        setVariable("token", "body.access_token"),
        expectTrue("There is a token", "body.access_token.length > 50"),
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
      name: "My account, by a wrong token",
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
    "A guest buys two items. Each request takes ids of earlier responses (region, cart, line, …) " +
    "from the collection's variables.",
  requests: [
    {
      operation: "GET /store/regions",
      name: "Choose a region",
      script: [
        `const isManual = ({ id }) => id === "manual";`,
        "const region = body.regions.find((one) => one.payment_providers.some(isManual));",
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
        "const inStock = (one) => one.calculated_price > 0 && one.inventory_quantity > 5;",
        "const product = body.products.find(({ variants }) => variants.some(inStock));",
        setVariable("product_id", "product.id"),
        setVariable("variant_id", "product.variants.find(inStock).id"),
      ],
    },
    {
      operation: "GET /store/products/{id}",
      name: "Show a product",
      query: { region_id: "{{region_id}}" },
      script: [
        expectTrue("It is the right one", `body.product.id === pm.variables.get("product_id")`),
      ],
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
      name: "Add an item",
      body: { variant_id: "{{variant_id}}", quantity: 1 },
      script: [setVariable("line_id", "body.cart.items[0].id"), ...total],
    },
    {
      operation: "POST /store/carts/{id}/line-items/{line_id}",
      name: "Change its quantity",
      body: { quantity: 2 },
      script: [expectTrue("There are two", "body.cart.items[0].quantity === 2"), ...total],
    },
    {
      operation: "POST /store/carts/{id}",
      name: "Set e-mail and addresses",
      body: { email: "gro@example.com", shipping_address: address, billing_address: address },
      script: [
        expectTrue("The address is set", `body.cart.shipping_address.city === "Aarhus"`),
        ...total,
      ],
    },
    {
      operation: "GET /store/shipping-options/{cart_id}",
      name: "List shipping options",
      script: [setVariable("option_id", "body.shipping_options[0].id")],
    },
    {
      operation: "POST /store/carts/{id}/shipping-methods",
      name: "Add a shipping method",
      body: { option_id: "{{option_id}}" },
      script: [expectTrue("There is one", "body.cart.shipping_methods.length === 1"), ...total],
    },
    {
      operation: "POST /store/carts/{id}/payment-sessions",
      name: "Create payment sessions",
      script: [
        expectTrue(
          "There is a manual session",
          `body.cart.payment_sessions.some((one) => one.provider_id === "manual")`,
        ),
      ],
    },
    {
      operation: "POST /store/carts/{id}/payment-session",
      name: "Select a payment session",
      body: { provider_id: "{{provider_id}}" },
      script: [
        expectTrue(
          "The session has the amount due",
          "body.cart.payment_session.amount === body.cart.total",
        ),
      ],
    },
    {
      operation: "POST /store/carts/{id}/complete",
      name: "Complete the cart",
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
      name: "Look up the order as a guest",
      query: { display_id: "{{display_id}}", email: "gro@example.com" },
      script: [expectTrue("It is the right one", `body.order.id === pm.variables.get("order_id")`)],
    },
  ],
};

/** The folders that run from top to bottom in a demo shop, in this order. */
export const workingFolders: readonly WorkingFolder[] = [byCookie, byToken, toAnOrder];
