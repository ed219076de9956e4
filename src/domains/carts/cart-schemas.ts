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
import { objectOrId } from "../../http/validation/nested-fields.ts";
import { expand, fields } from "../../http/validation/query-fields.ts";
import { addressChange } from "../customers/address-schemas.ts";
import { cartView } from "./cart-view.ts";

/** Query parameters of a cart; writes take them, too, and answer as usual. */
export const cartQuery = z.strictObject({
  expand: expand(cartView.relations),
  fields: fields(cartView.fields),
});
export type CartQuery = z.output<typeof cartQuery>;

const ids = {
  region: {
    description: "The region that is sold in; the shop's first if left out.",
    example: "reg_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  },
  variant: { description: "What is bought.", example: "variant_01HZX3W8V0C6C4Y0GBKPF2XH7C" },
  channel: {
    description: "The sales channel that is bought in.",
    example: "sc_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  },
};
const quantity = { description: "How many pieces.", example: 1 };
const metadata = {
  description: "Anything else about the line; lines that differ in it are not merged.",
  example: { engraving: "A" },
};
const context = anything({
  description: "What the shop shall know of the visit; merged key by key.",
  example: { visit: 3 },
});

const newItem = z.strictObject({
  variant_id: filledText(ids.variant),
  quantity: filledNumber(quantity),
});

/** A new cart. */
export const newCart = z.strictObject({
  region_id: optionalText(ids.region),
  country_code: optionalText({
    description: "The country that is sent to, in any case; one of the region.",
    example: "de",
  }),
  items: optionalList({ description: "The first lines." }, newItem),
  context,
  sales_channel_id: optionalText(ids.channel),
});
export type NewCart = z.output<typeof newCart>;

const code = (example: string) =>
  z.strictObject({ code: text({ description: "As it was given to the customer.", example }) });
const addressOrId = (description: string) =>
  objectOrId({ description }, "AddressPayload", addressChange);

/** What changes of a cart. */
export const cartChange = z.strictObject({
  region_id: optionalText(ids.region),
  country_code: optionalText({
    description: "With a new region: the country that is sent to.",
    example: "fr",
  }),
  email: optionalEmail({
    description: "Where the shop writes to; makes a guest known.",
    example: "gro@example.com",
  }),
  billing_address: addressOrId(
    "The billing address, what changes of it, or the id of one of one's own; null takes it away.",
  ),
  shipping_address: addressOrId(
    "The shipping address, what changes of it, or the id of one of one's own; null takes it away.",
  ),
  gift_cards: optionalList(
    { description: "The gift cards that pay, instead of the present ones." },
    code("GREE-N123-4567-ABCD"),
  ),
  discounts: optionalList(
    { description: "The codes of discounts, instead of the present ones." },
    code("TEN"),
  ),
  customer_id: optionalText({
    description: "A guest's id; who is logged in goes before it.",
    example: "cus_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  context,
  sales_channel_id: optionalText(ids.channel),
});
export type CartChange = z.output<typeof cartChange>;

/** A line to add. */
export const newLine = z.strictObject({
  variant_id: text(ids.variant),
  quantity: wholeNumber(quantity),
  metadata: anything(metadata),
});
export type NewLine = z.output<typeof newLine>;

/** What changes of a line. */
export const lineChange = z.strictObject({
  quantity: wholeNumber({
    description: "How many pieces from now on; 0 takes the line away.",
    example: 2,
  }),
  metadata: anything({
    ...metadata,
    description: "Merged with what is there; an empty text takes a key away.",
  }),
});
export type LineChange = z.output<typeof lineChange>;

/** A way of shipping to choose. */
export const newShippingMethod = z.strictObject({
  option_id: text({
    description: "The shipping option.",
    example: "so_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  data: optionalObject({
    description: "What the fulfillment provider needs to know.",
    example: { pickup_point: 4 },
  }),
});
export type NewShippingMethod = z.output<typeof newShippingMethod>;
