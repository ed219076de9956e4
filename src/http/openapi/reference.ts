/** A group of operations, in the order and with the title of Medusa's Store API reference. */
export interface Group {
  readonly name: string;
  readonly description: string;
  /** The first part of the paths of its operations, below `/store`. */
  readonly noun: string;
}

/** The groups of the API document. */
export const groups: readonly Group[] = [
  {
    noun: "auth",
    name: "Auth",
    description:
      "Logs customers in and out: by a cookie for browsers, by a token for everything else.",
  },
  {
    noun: "carts",
    name: "Carts",
    description:
      "A cart collects what a shopper wants to buy, where it is sent and how it is paid, until " +
      "it becomes an order. A guest needs no login: who knows the cart's id may use it.",
  },
  {
    noun: "customers",
    name: "Customers",
    description:
      "A customer's account: registration, name and phone, address book, orders and passwords.",
  },
  {
    noun: "gift-cards",
    name: "Gift Cards",
    description: "A gift card pays for orders until its balance is used up.",
  },
  {
    noun: "orders",
    name: "Orders",
    description:
      "An order is what a completed cart becomes. Guests find theirs by its number and e-mail, " +
      "and can claim it for an account later.",
  },
  {
    noun: "order-edits",
    name: "Order Edits",
    description:
      "The shop proposes a change of a placed order; the customer agrees to it or declines it.",
  },
  {
    noun: "payment-collections",
    name: "Payment Collections",
    description:
      "What an order edit costs more, and the payment sessions by which the customer pays it.",
  },
  {
    noun: "product-categories",
    name: "Product Categories",
    description: "Categories are a tree: a shop's navigation.",
  },
  {
    noun: "collections",
    name: "Product Collections",
    description: "A collection is a choice of products that belong together, such as a season's.",
  },
  {
    noun: "product-tags",
    name: "Product Tags",
    description: "Short words by which products can be found and filtered.",
  },
  {
    noun: "product-types",
    name: "Product Types",
    description: "The one type that a product has. Tax rates and discounts can depend on it.",
  },
  {
    noun: "variants",
    name: "Product Variants",
    description:
      "What is sold: a combination of a product's options, with a price and a stock of its own.",
  },
  {
    noun: "products",
    name: "Products",
    description: "What the shop shows. Prices depend on the region: see Regions and prices above.",
  },
  {
    noun: "regions",
    name: "Regions",
    description:
      "A region is where the shop sells in one currency, with the same taxes, payment and " +
      "shipping.",
  },
  {
    noun: "return-reasons",
    name: "Return Reasons",
    description: "The reasons among which a customer chooses when something is sent back.",
  },
  {
    noun: "returns",
    name: "Returns",
    description: "A customer announces what is sent back, and sees what will be refunded.",
  },
  {
    noun: "shipping-options",
    name: "Shipping Options",
    description: "The ways in which an order can be sent, and what they cost.",
  },
  {
    noun: "swaps",
    name: "Swaps",
    description: "A swap sends something back and something else out, and settles the difference.",
  },
  {
    noun: "hooks",
    name: "Payment Webhooks",
    description: "Called by the servers of payment providers, never by a storefront.",
  },
];

/** The operations' ids in Medusa's reference, which generated clients are named after. */
export const operationIds: Readonly<Record<string, string>> = {
  "DELETE /store/auth": "DeleteAuth",
  "DELETE /store/carts/{id}/discounts/{code}": "DeleteCartsCartDiscountsDiscount",
  "DELETE /store/carts/{id}/line-items/{line_id}": "DeleteCartsCartLineItemsItem",
  "DELETE /store/carts/{id}/payment-sessions/{provider_id}":
    "DeleteCartsCartPaymentSessionsSession",
  "DELETE /store/customers/me/addresses/{address_id}": "DeleteCustomersCustomerAddressesAddress",
  "GET /store/auth": "GetAuth",
  "GET /store/auth/{email}": "GetAuthEmail",
  "GET /store/carts/{id}": "GetCartsCart",
  "GET /store/collections": "GetCollections",
  "GET /store/collections/{id}": "GetCollectionsCollection",
  "GET /store/customers/me": "GetCustomersCustomer",
  "GET /store/customers/me/orders": "GetCustomersCustomerOrders",
  "GET /store/customers/me/payment-methods": "GetCustomersCustomerPaymentMethods",
  "GET /store/gift-cards/{code}": "GetGiftCardsCode",
  "GET /store/order-edits/{id}": "GetOrderEditsOrderEdit",
  "GET /store/orders": "GetOrders",
  "GET /store/orders/cart/{cart_id}": "GetOrdersOrderCartId",
  "GET /store/orders/{id}": "GetOrdersOrder",
  "GET /store/payment-collections/{id}": "GetPaymentCollectionsPaymentCollection",
  "GET /store/product-categories": "GetProductCategories",
  "GET /store/product-categories/{id}": "GetProductCategoriesCategory",
  "GET /store/product-tags": "GetProductTags",
  "GET /store/product-types": "GetProductTypes",
  "GET /store/products": "GetProducts",
  "GET /store/products/{id}": "GetProductsProduct",
  "GET /store/regions": "GetRegions",
  "GET /store/regions/{id}": "GetRegionsRegion",
  "GET /store/return-reasons": "GetReturnReasons",
  "GET /store/return-reasons/{id}": "GetReturnReasonsReason",
  "GET /store/shipping-options": "GetShippingOptions",
  "GET /store/shipping-options/{cart_id}": "GetShippingOptionsCartId",
  "GET /store/swaps/{cart_id}": "GetSwapsSwapCartId",
  "GET /store/variants": "GetVariants",
  "GET /store/variants/{id}": "GetVariantsVariant",
  "POST /store/auth": "PostAuth",
  "POST /store/auth/token": "PostToken",
  "POST /store/carts": "PostCart",
  "POST /store/carts/{id}": "PostCartsCart",
  "POST /store/carts/{id}/complete": "PostCartsCartComplete",
  "POST /store/carts/{id}/line-items": "PostCartsCartLineItems",
  "POST /store/carts/{id}/line-items/{line_id}": "PostCartsCartLineItemsItem",
  "POST /store/carts/{id}/payment-session": "PostCartsCartPaymentSession",
  "POST /store/carts/{id}/payment-sessions": "PostCartsCartPaymentSessions",
  "POST /store/carts/{id}/payment-sessions/{provider_id}": "PostCartsCartPaymentSessionUpdate",
  "POST /store/carts/{id}/payment-sessions/{provider_id}/refresh":
    "PostCartsCartPaymentSessionsSession",
  "POST /store/carts/{id}/shipping-methods": "PostCartsCartShippingMethod",
  "POST /store/carts/{id}/taxes": "PostCartsCartTaxes",
  "POST /store/customers": "PostCustomers",
  "POST /store/customers/me": "PostCustomersCustomer",
  "POST /store/customers/me/addresses": "PostCustomersCustomerAddresses",
  "POST /store/customers/me/addresses/{address_id}": "PostCustomersCustomerAddressesAddress",
  "POST /store/customers/password-reset": "PostCustomersResetPassword",
  "POST /store/customers/password-token": "PostCustomersCustomerPasswordToken",
  "POST /store/order-edits/{id}/complete": "PostOrderEditsOrderEditComplete",
  "POST /store/order-edits/{id}/decline": "PostOrderEditsOrderEditDecline",
  "POST /store/orders/batch/customer/token": "PostOrdersCustomerOrderClaim",
  "POST /store/orders/customer/confirm": "PostOrdersCustomerOrderClaimsCustomerOrderClaimAccept",
  "POST /store/payment-collections/{id}/sessions": "PostPaymentCollectionsSessions",
  "POST /store/payment-collections/{id}/sessions/batch":
    "PostPaymentCollectionsPaymentCollectionSessionsBatch",
  "POST /store/payment-collections/{id}/sessions/batch/authorize":
    "PostPaymentCollectionsSessionsBatchAuthorize",
  "POST /store/payment-collections/{id}/sessions/{session_id}":
    "PostPaymentCollectionsPaymentCollectionPaymentSessionsSession",
  "POST /store/payment-collections/{id}/sessions/{session_id}/authorize":
    "PostPaymentCollectionsSessionsSessionAuthorize",
  "POST /store/products/search": "PostProductsSearch",
  "POST /store/returns": "PostReturns",
  "POST /store/swaps": "PostSwaps",
};

/** Returns the name of the group of a path, or a title of its first noun if it has none. */
export function groupOf(path: string): string {
  const [first = "server", second] = path.split("/").filter(Boolean);
  const noun = first === "store" ? (second ?? first) : first;
  const group = groups.find((one) => one.noun === (webhooks.has(noun) ? "hooks" : noun));
  const words = noun.replaceAll("-", " ");
  return group?.name ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const webhooks: ReadonlySet<string> = new Set(["hooks", "stripe"]);
