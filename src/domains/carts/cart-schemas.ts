import { z } from "zod";
import {
  anything,
  filledNumber,
  filledText,
  optionalEmail,
  optionalList,
  optionalObject,
  optionalText,
  text,
  wholeNumber,
} from "../../http/validation/body-fields.ts";
import { ignored } from "../../http/validation/ignored-field.ts";
import { objectOrId } from "../../http/validation/nested-fields.ts";
import { expand, fields } from "../../http/validation/query-fields.ts";
import { addressChange } from "../customers/address-schemas.ts";
import { cartView } from "./cart-view.ts";

/** What the totals are computed from. */
const shownWithTotals = "discounts gift_cards items region shipping_address shipping_methods".split(
  " ",
);

/** Query parameters of a cart. */
export const cartQuery = z.strictObject({
  expand: expand(cartView.relations, shownWithTotals),
  fields: fields(cartView.fields),
});

/** Query parameters that writes accept, as in Medusa. They answer with their own view. */
export const ignoredCartQuery = z.strictObject({
  expand: ignored(cartQuery.shape.expand),
  fields: ignored(cartQuery.shape.fields),
});
export type CartQuery = z.output<typeof cartQuery>;

const ids = {
  region: {
    description: "The region. Default: the shop's oldest.",
    example: "reg_01HK153X0160NFFT87MR089QV7",
  },
  variant: { description: "The product variant.", example: "variant_01HK153X0M0GXMZNF5XESXWRG2" },
  channel: {
    description: "The sales channel.",
    example: "sc_01HK153X005MFYMXQRKWCTD4YW",
  },
};
const quantity = { description: "The quantity.", example: 1 };
const metadata = {
  description: "Additional data about the line. Lines with different metadata are not merged.",
  example: { engraving: "A" },
};
const context = anything({
  description: "Additional data about the visit. Merged key by key.",
  example: { visit: 3 },
});

const newItem = z.strictObject({
  variant_id: filledText(ids.variant),
  quantity: filledNumber(quantity),
});

export const newCart = z.strictObject({
  region_id: optionalText(ids.region),
  country_code: optionalText({
    description:
      "The country that the cart is shipped to: one of the region, in upper or lower case.",
    example: "de",
  }),
  items: optionalList({ description: "The cart's first lines." }, newItem),
  context,
  sales_channel_id: optionalText(ids.channel),
});
export type NewCart = z.output<typeof newCart>;

const code = (example: string) =>
  z.strictObject({
    code: text({ description: "The code, as the customer received it.", example }),
  });
const addressOrId = (description: string) =>
  objectOrId({ description }, "AddressPayload", addressChange);

export const cartChange = z.strictObject({
  region_id: optionalText(ids.region),
  country_code: optionalText({
    description: "With a new region: the country that the cart is shipped to.",
    example: "fr",
  }),
  email: optionalEmail({
    description: "The e-mail address. A guest's cart is linked to the guest with this address.",
    example: "gro@example.com",
  }),
  billing_address: addressOrId(
    "The billing address, the fields of it that change, or the id of one of the customer's " +
      "addresses. Null removes it.",
  ),
  shipping_address: addressOrId(
    "The shipping address, the fields of it that change, or the id of one of the customer's " +
      "addresses. Null removes it.",
  ),
  gift_cards: optionalList(
    { description: "The gift cards. They replace the present ones." },
    code("TARN-PINE-WALK-0100"),
  ),
  discounts: optionalList(
    { description: "The discount codes. They replace the present ones." },
    code("WELCOME10"),
  ),
  customer_id: optionalText({
    description: "The id of a guest. A logged-in customer takes precedence.",
    example: "cus_01HK153X001A5VVTCWYWARAFTW",
  }),
  context,
  sales_channel_id: optionalText(ids.channel),
});
export type CartChange = z.output<typeof cartChange>;

export const newLine = z.strictObject({
  variant_id: text(ids.variant),
  quantity: wholeNumber(quantity),
  metadata: anything(metadata),
});
export type NewLine = z.output<typeof newLine>;

export const lineChange = z.strictObject({
  quantity: wholeNumber({
    description: "The new quantity. 0 removes the line.",
    example: 2,
  }),
  metadata: anything({
    ...metadata,
    description: "Merged with the present metadata. An empty string removes a key.",
  }),
});
export type LineChange = z.output<typeof lineChange>;

export const newShippingMethod = z.strictObject({
  option_id: text({
    description: "The shipping option.",
    example: "so_01HK153X01J0WBZBAF21M2RRFQ",
  }),
  data: optionalObject({
    description: "Data for the fulfillment provider.",
    example: { pickup_point: 4 },
  }),
});
export type NewShippingMethod = z.output<typeof newShippingMethod>;
