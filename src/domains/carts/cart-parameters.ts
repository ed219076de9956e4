/** Path parameters of cart routes, as the API document describes them. */
export const cartId = { description: "The cart's id.", example: "cart_01HK153X00Q23JN1VK0TV104B8" };
export const lineId = {
  description: "The id of one of the cart's lines.",
  example: "item_01HK153X00SXWFC0S3W369C5P0",
};
export const discountCode = { description: "The code, in upper case.", example: "WELCOME10" };
export const paymentProviderId = {
  description: "The id of one of the region's payment providers.",
  example: "manual",
};
