/** Path parameters of cart routes, as the API document describes them. */
export const cartId = { description: "The cart's id.", example: "cart_01HZX3W8V0C6C4Y0GBKPF2XH7C" };
export const lineId = {
  description: "The id of one of the cart's lines.",
  example: "item_01HZX3WF2M9Q1X5R7T8V9B0C3D",
};
export const discountCode = { description: "The code, in upper case.", example: "SUMMER10" };
export const paymentProviderId = {
  description: "The id of one of the region's payment providers.",
  example: "manual",
};
