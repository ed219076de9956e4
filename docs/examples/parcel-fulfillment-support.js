// @ts-check
/**
 * What the contract test needs to know of parcel-fulfillment.js.
 *
 * @import { ContractSupport } from "nettle-store-api/providers"
 */

/** @satisfies {ContractSupport} */
const support = {
  fulfillment: { option: { service: "parcel" }, data: { point_id: "P1" } },
};

export default support;
