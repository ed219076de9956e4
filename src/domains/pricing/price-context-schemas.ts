import { text } from "../../http/validation/query-fields.ts";

/** The query parameters that say for whom prices are; each goes before the next. */
export const priceContext = {
  cart_id: text({
    description: "Prices for this cart's region; it goes before `region_id`.",
    example: "cart_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  region_id: text({
    description: "Prices and taxes of this region; it goes before `currency_code`.",
    example: "reg_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
  currency_code: text({
    description: "Prices in this currency (lower case), without taxes.",
    example: "eur",
  }),
};
