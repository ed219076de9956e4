// @ts-check
/**
 * A carrier with parcel points, prices by weight and return labels. A shipping option of the shop
 * has the price type `calculated` and the data `{ "service": "parcel" }`.
 *
 * @import { FulfillmentCart, FulfillmentProvider } from "nettle-store-api/providers"
 */
const { CARRIER_URL = "" } = process.env;
if (!CARRIER_URL) throw new Error("CARRIER_URL must be set");

const SERVICES = ["parcel", "express"];
/** In grams, for goods that have no weight. */
const USUAL_WEIGHT = 500;

/** @type {FulfillmentProvider} */
export const fulfillment = {
  id: "parcel",
  validateOption: ({ data }) => SERVICES.includes(String(data["service"])),
  canCalculate: ({ data }) => SERVICES.includes(String(data["service"])),

  // The price in the currency's smallest unit. A list of options leaves out what is refused.
  calculatePrice: async ({ option, cart }, { signal }) => {
    if (!cart.shipping_address?.country_code) throw refusal("Where is the parcel going?");
    const { price } = await callCarrier(
      "/rates",
      { signal },
      {
        service: option.data["service"],
        country: cart.shipping_address.country_code,
        currency: cart.currency_code,
        weight: weightOf(cart),
      },
    );
    return Math.round(price);
  },

  // What is returned here is stored with the cart, and is all that the parcel point is known by.
  validateFulfillmentData: async ({ data }, { signal }) => {
    const id = data["point_id"];
    if (typeof id !== "string" || id === "") throw refusal("Choose a parcel point");
    const { point } = await callCarrier("/points", { signal }, { id: id.slice(0, 50) });
    if (!point) throw refusal("There is no such parcel point");
    return { point_id: point.id, point_name: point.name };
  },

  // The carrier makes one label for one key, so a repeated question makes no second parcel.
  createReturn: async ({ return_id, cart }, { signal }) => {
    const { label } = await callCarrier(
      "/return-labels",
      { signal, key: return_id },
      {
        weight: weightOf(cart),
      },
    );
    return { label_url: label };
  },
};

/** @param {FulfillmentCart} cart */
function weightOf({ items }) {
  return items.reduce((sum, { weight, quantity }) => sum + (weight ?? USUAL_WEIGHT) * quantity, 0);
}

/**
 * @param {string} path
 * @param {{ signal: AbortSignal, key?: string }} request
 * @param {object} body
 * @returns {Promise<any>}
 */
async function callCarrier(path, { signal, key }, body) {
  const answer = await fetch(`${CARRIER_URL}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key ? { "idempotency-key": key } : {}) },
    body: JSON.stringify(body),
    signal,
  });
  if (!answer.ok) throw new Error(`The carrier answered ${answer.status}`);
  return answer.json();
}

/** @param {string} message */
function refusal(message) {
  return Object.assign(new Error(message), { name: "Refusal" });
}
