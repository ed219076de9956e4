// @ts-check
/**
 * Taxes from a service that knows the rates of each address. A region names it as its tax provider.
 *
 * @import { TaxProvider } from "nettle-store-api/providers"
 */
const { TAX_URL = "" } = process.env;
if (!TAX_URL) throw new Error("TAX_URL must be set");

/** @type {TaxProvider} */
export const tax = {
  id: "tax-service",
  taxLines: async ({ items, shipping_methods, shipping_address }, { signal }) => {
    // Before the address is known, the shop's own rates are as good as any.
    if (!shipping_address?.country_code)
      return items.flatMap(({ item_id, rates }) => rates.map((rate) => ({ item_id, ...rate })));
    const { country_code: country, province, postal_code } = shipping_address;
    const answer = await fetch(`${TAX_URL}/rates`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // One call for all lines, since it holds up each change of a cart.
      body: JSON.stringify({
        ...{ country, province, postal_code },
        products: items.map(({ product_id }) => product_id),
      }),
      signal,
    });
    if (!answer.ok) throw new Error(`The tax service answered ${answer.status}`);
    /** @type {any} */
    const { goods, shipping, name } = await answer.json();
    // Rates are in percent. The shop calculates and rounds the amounts.
    return [
      ...items.map(({ item_id }, at) => ({ item_id, rate: goods[at] ?? 0, name, code: country })),
      ...shipping_methods.map(({ shipping_method_id }) => ({
        ...{ shipping_method_id, rate: shipping, name, code: country },
      })),
    ];
  },
};
