import { demoCustomer, demoGiftCard } from "../../src/demo/demo-shop.ts";
import { exampleId } from "../../src/demo/examples/example-parts.ts";
import {
  type DemoFacts,
  loggedOut,
  missing,
  noId,
  type Sample,
  unknownParameter,
  unknownProperty,
} from "./sample.ts";

/** A token that has expired long ago; the operations that take one receive theirs by e-mail. */
const OLD_TOKEN =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDQwNjcyMDAsImV4cCI6MTcwNDA2ODEwMH0." +
  "3qJ1x4sVYfTn0mEo8rH2u5w7y9A1c3E5g7I9k1M3o5Q";

const wrongLogin = { email: demoCustomer.email, password: "walk-the-hills" };
const newcomer = {
  first_name: "Ada",
  last_name: "Lind",
  email: "ada@example.com",
  password: "over-the-hills",
};
const newAddress = {
  first_name: "Mara",
  last_name: "Lindqvist",
  address_1: "Vesterbrogade 27",
  city: "Copenhagen",
  country_code: "dk",
  postal_code: "1620",
};

/** Samples of the operations of logins and accounts. */
export const accountSamples = ({ addressIds }: DemoFacts): Sample[] => [
  {
    operation: "POST /store/auth",
    body: { ...demoCustomer },
    refusals: [
      { title: "A wrong password", status: 401, body: wrongLogin },
      { title: "No e-mail", status: 400, body: { password: demoCustomer.password } },
    ],
  },
  { operation: "GET /store/auth", login: true, refusals: [loggedOut] },
  { operation: "DELETE /store/auth", refusals: [] },
  {
    operation: "POST /store/auth/token",
    body: { ...demoCustomer },
    refusals: [
      { title: "A wrong password", status: 401, body: wrongLogin },
      { title: "No password", status: 400, body: { email: demoCustomer.email } },
    ],
  },
  { operation: "GET /store/auth/{email}", params: { email: demoCustomer.email }, refusals: [] },
  {
    operation: "POST /store/customers",
    body: newcomer,
    refusals: [
      { title: "No password", status: 400, body: { ...newcomer, password: undefined } },
      {
        title: "An e-mail that has an account",
        status: 422,
        body: { ...newcomer, email: demoCustomer.email },
      },
    ],
  },
  { operation: "GET /store/customers/me", login: true, refusals: [loggedOut] },
  {
    operation: "POST /store/customers/me",
    login: true,
    body: { phone: "+31 20 555 0199", metadata: { size: "M" } },
    refusals: [
      unknownProperty({}),
      loggedOut,
      { title: "An e-mail of another account", status: 422, body: { email: newcomer.email } },
    ],
  },
  {
    operation: "POST /store/customers/me/addresses",
    login: true,
    body: { address: newAddress },
    refusals: [
      {
        title: "An address without a city",
        status: 400,
        body: { address: { ...newAddress, city: undefined } },
      },
      loggedOut,
    ],
  },
  {
    operation: "POST /store/customers/me/addresses/{address_id}",
    login: true,
    params: { address_id: addressIds[0]! },
    body: { address_2: "3 hoog" },
    refusals: [
      {
        title: "An address that is not the customer's",
        status: 400,
        params: { address_id: noId("addr") },
      },
      loggedOut,
    ],
  },
  {
    operation: "DELETE /store/customers/me/addresses/{address_id}",
    login: true,
    params: { address_id: addressIds[1]! },
    refusals: [loggedOut],
  },
  { operation: "GET /store/customers/me/payment-methods", login: true, refusals: [loggedOut] },
  {
    operation: "GET /store/customers/me/orders",
    login: true,
    query: { limit: 1 },
    refusals: [unknownParameter, loggedOut],
  },
  {
    operation: "POST /store/customers/password-token",
    body: { email: demoCustomer.email },
    refusals: [{ title: "No e-mail address", status: 400, body: { email: "mara" } }],
  },
  {
    operation: "POST /store/orders/batch/customer/token",
    login: true,
    body: { order_ids: [exampleId("order", "sent")] },
    refusals: [{ title: "No order", status: 400, body: { order_ids: [""] } }, loggedOut],
  },
  {
    operation: "GET /store/gift-cards/{code}",
    params: { code: demoGiftCard.code },
    refusals: [missing("A code that does not exist", { code: "TARN-PINE-WALK-0101" })],
  },
];

/** Samples of operations that need a token from a mail: they are only refused without one. */
export const mailedTokenSamples: Sample[] = [
  {
    operation: "POST /store/customers/password-reset",
    body: { email: demoCustomer.email, token: OLD_TOKEN, password: "over-the-hills" },
    refusals: [
      { title: "A token that has expired", status: 401 },
      { title: "No token", status: 400, body: { email: demoCustomer.email, password: "over" } },
    ],
  },
  {
    operation: "POST /store/orders/customer/confirm",
    body: { token: OLD_TOKEN },
    refusals: [
      { title: "A token that has expired", status: 401 },
      { title: "No token", status: 400, body: { token: "123" } },
    ],
  },
];
