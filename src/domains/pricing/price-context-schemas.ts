import { text } from "../../http/validation/query-fields.ts";

/** The query parameters that choose the prices to show; each overrides the next. */
export const priceContext = {
  cart_id: text({
    description: "The cart whose region's prices are returned; overrides `region_id`.",
    example: "cart_01HK153X00Q23JN1VK0TV104B8",
  }),
  region_id: text({
    description: "The region whose prices and taxes are returned; overrides `currency_code`.",
    example: "reg_01HK153X0160NFFT87MR089QV7",
  }),
  currency_code: text({
    description: "The currency (lower case) whose prices are returned, without taxes.",
    example: "eur",
  }),
};
