/** Every operation of Medusa 1.20's Store API reference. */
export const operations: readonly string[] = `
DELETE /store/auth
GET /store/auth
GET /store/auth/{email}
POST /store/auth
POST /store/auth/token
DELETE /store/carts/{id}/discounts/{code}
DELETE /store/carts/{id}/line-items/{line_id}
DELETE /store/carts/{id}/payment-sessions/{provider_id}
GET /store/carts/{id}
POST /store/carts
POST /store/carts/{id}
POST /store/carts/{id}/complete
POST /store/carts/{id}/line-items
POST /store/carts/{id}/line-items/{line_id}
POST /store/carts/{id}/payment-session
POST /store/carts/{id}/payment-sessions
POST /store/carts/{id}/payment-sessions/{provider_id}
POST /store/carts/{id}/payment-sessions/{provider_id}/refresh
POST /store/carts/{id}/shipping-methods
POST /store/carts/{id}/taxes
GET /store/collections
GET /store/collections/{id}
DELETE /store/customers/me/addresses/{address_id}
GET /store/customers/me
GET /store/customers/me/orders
GET /store/customers/me/payment-methods
POST /store/customers
POST /store/customers/me
POST /store/customers/me/addresses
POST /store/customers/me/addresses/{address_id}
POST /store/customers/password-reset
POST /store/customers/password-token
GET /store/gift-cards/{code}
GET /store/order-edits/{id}
POST /store/order-edits/{id}/complete
POST /store/order-edits/{id}/decline
GET /store/orders
GET /store/orders/cart/{cart_id}
GET /store/orders/{id}
POST /store/orders/batch/customer/token
POST /store/orders/customer/confirm
GET /store/payment-collections/{id}
POST /store/payment-collections/{id}/sessions
POST /store/payment-collections/{id}/sessions/batch
POST /store/payment-collections/{id}/sessions/batch/authorize
POST /store/payment-collections/{id}/sessions/{session_id}
POST /store/payment-collections/{id}/sessions/{session_id}/authorize
GET /store/product-categories
GET /store/product-categories/{id}
GET /store/product-tags
GET /store/product-types
GET /store/products
GET /store/products/{id}
POST /store/products/search
GET /store/regions
GET /store/regions/{id}
GET /store/return-reasons
GET /store/return-reasons/{id}
POST /store/returns
GET /store/shipping-options
GET /store/shipping-options/{cart_id}
GET /store/swaps/{cart_id}
POST /store/swaps
GET /store/variants
GET /store/variants/{id}
`
  .trim()
  .split("\n");

/**
 * The operations that Nettle serves in addition: an older path, and the webhooks of payment
 * providers.
 */
export const additions: readonly string[] = [
  "POST /store/carts/{id}/complete-cart",
  "POST /hooks/payment/{provider_id}",
  "POST /stripe/hooks",
];
