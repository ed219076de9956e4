import type { MailData, MailedAddress, MailedOrder, MailName } from "./mail-data.ts";
import type { MailedShop } from "./mail-templates.ts";

/** The shop of the samples. */
export const sampleShop: MailedShop = { name: "Hollin & Tarn", url: "https://shop.example" };

const home: MailedAddress = {
  first_name: "Mara",
  last_name: "Lindqvist",
  company: null,
  address_1: "Prinsengracht 212",
  address_2: "2 hoog",
  postal_code: "1016 HD",
  city: "Amsterdam",
  province: null,
  country_code: "nl",
  phone: "+31 20 555 0142",
};

const office: MailedAddress = {
  ...home,
  company: "Lindqvist Studio",
  address_1: "14 Leith Walk Lane",
  address_2: null,
  postal_code: "EH6 5DT",
  city: "Edinburgh",
  country_code: "gb",
};

const shirt = {
  title: "Bracken Shirt",
  description: "M / Moss",
  thumbnail: "https://shop.example/demo/pictures/bracken-shirt-1.webp",
  quantity: 2,
};
const kettle = {
  title: "Billy Kettle",
  description: "1.2 l",
  thumbnail: "https://shop.example/demo/pictures/billy-kettle-1.webp",
  quantity: 1,
};

const order: MailedOrder = {
  id: "order_01JD8Z4K6Q3W9V5T7R1N2M4P6B",
  display_id: 1042,
  created_at: "2026-11-26T12:00:00.000Z",
  email: "mara@example.com",
  currency_code: "eur",
  items: [
    { ...shirt, amount: 17800 },
    { ...kettle, amount: 5400 },
  ],
  discounts: ["WINTER10"],
  shipping_methods: ["Standard delivery"],
  summary: [
    { kind: "items", amount: 23200 },
    { kind: "discounts", amount: -2320 },
    { kind: "shipping", amount: 590 },
    { kind: "gift_cards", amount: -5000 },
    { kind: "total", amount: 16470 },
    { kind: "included_tax", amount: 2858 },
  ],
  total: 16470,
  shipping_address: home,
  billing_address: office,
};

/** An order of one thing without a picture, in a currency without decimals, with tax on top. */
const smallOrder: MailedOrder = {
  ...order,
  currency_code: "jpy",
  items: [{ title: "Gift card", description: null, thumbnail: null, quantity: 1, amount: 5000 }],
  discounts: [],
  shipping_methods: [],
  summary: [
    { kind: "items", amount: 5000 },
    { kind: "tax", amount: 500 },
    { kind: "total", amount: 5500 },
  ],
  total: 5500,
  shipping_address: null,
  billing_address: null,
};

const card = {
  code: "TARN-PINE-WALK-0100",
  value: 10000,
  balance: 10000,
  ends_at: "2029-12-31T12:00:00.000Z",
};

const { id, display_id, currency_code } = order;

/** Data of each mail, for previews and to try templates; the first of each is the usual one. */
export const sampleMails: {
  readonly [Name in MailName]: readonly [MailData[Name], ...MailData[Name][]];
} = {
  "cart.payment_released": [
    { amount: 16470, currency_code: "eur", is_ordered: false },
    { amount: 16470, currency_code: "eur", is_ordered: true },
  ],
  "customer.password_reset": [
    {
      first_name: "Mara",
      last_name: "Lindqvist",
      link: "https://shop.example/account/reset-password?token=eyJhbGciOiJIUzI1NiJ9&email=mara",
    },
    { first_name: null, last_name: null, link: "https://shop.example/account/reset-password" },
  ],
  "gift_card.created": [
    { cards: [card], value: 10000, currency_code: "eur" },
    {
      cards: [card, { ...card, code: "TARN-FERN-LOCH-0050", ends_at: null }],
      value: 20000,
      currency_code: "eur",
    },
  ],
  "order-update-token.created": [
    { link: "https://shop.example/account/claim-orders?token=eyJhbGciOiJIUzI1NiJ9" },
  ],
  "order.placed": [{ order }, { order: smallOrder }],
  "order.return_requested": [
    {
      order: { id, display_id, currency_code },
      return: {
        id: "ret_01JD8Z4K6Q3W9V5T7R1N2M4P6B",
        items: [{ ...shirt, quantity: 1 }],
        refund_amount: 8010,
        shipping_method: "Parcel by post",
      },
    },
    {
      order: { id, display_id, currency_code },
      return: {
        id: "ret_01JD8Z4K6Q3W9V5T7R1N2M4P6B",
        items: [{ ...kettle, thumbnail: null, description: null }],
        refund_amount: 0,
        shipping_method: null,
      },
    },
  ],
};
