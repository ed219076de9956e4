import jwt from "jsonwebtoken";

/** Returns the headers of a logged-in customer, for a shop with the secrets of the tests. */
export const asCustomer = (customerId: string) => ({
  authorization: `Bearer ${jwt.sign({ customer_id: customerId, domain: "store" }, "jwt-secret")}`,
});
