import { cartEntities } from "./entities/cart-entities.ts";
import { catalogueEntities } from "./entities/catalogue-entities.ts";
import { claimEntities } from "./entities/claim-entities.ts";
import { customerEntities } from "./entities/customer-entities.ts";
import { discountEntities } from "./entities/discount-entities.ts";
import { fulfillmentEntities } from "./entities/fulfillment-entities.ts";
import { orderEntities } from "./entities/order-entities.ts";
import { paymentEntities } from "./entities/payment-entities.ts";
import { regionEntities } from "./entities/region-entities.ts";
import { returnEntities } from "./entities/return-entities.ts";
import { shippingEntities } from "./entities/shipping-entities.ts";
import type { Entity } from "./entity.ts";

const entities = [
  ...cartEntities,
  ...catalogueEntities,
  ...claimEntities,
  ...customerEntities,
  ...discountEntities,
  ...fulfillmentEntities,
  ...orderEntities,
  ...paymentEntities,
  ...regionEntities,
  ...returnEntities,
  ...shippingEntities,
] as const;

type Declared = (typeof entities)[number];

/** The type of every entity, by the name of its table. */
export type EntityTypes = { readonly [E in Declared as E["name"]]: E };

/** Every entity of the shop, by the name of its table. */
export const schema: ReadonlyMap<string, Entity> = new Map(
  entities.map((entity): [string, Entity] => [entity.name, entity]),
);

/**
 * Returns the entity of a table.
 * @throws RangeError when there is none of that name.
 */
export function entityNamed(name: string): Entity {
  const entity = schema.get(name);
  if (!entity) throw new RangeError(`No entity ${name}`);
  return entity;
}
