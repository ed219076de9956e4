import { catalogueEntities } from "./entities/catalogue-entities.ts";
import { customerEntities } from "./entities/customer-entities.ts";
import { fulfillmentEntities } from "./entities/fulfillment-entities.ts";
import { giftCardEntities } from "./entities/gift-card-entities.ts";
import { orderEntities } from "./entities/order-entities.ts";
import { regionEntities } from "./entities/region-entities.ts";
import type { Entity } from "./entity.ts";

/** Every entity of the shop, by the name of its table. */
export const schema: ReadonlyMap<string, Entity> = new Map(
  [
    ...catalogueEntities,
    ...regionEntities,
    ...customerEntities,
    ...orderEntities,
    ...fulfillmentEntities,
    ...giftCardEntities,
  ].map((entity): [string, Entity] => [entity.name, entity]),
);

/**
 * The entity of a table.
 * @throws RangeError when there is none of that name.
 */
export function entityNamed(name: string): Entity {
  const entity = schema.get(name);
  if (!entity) throw new RangeError(`No entity ${name}`);
  return entity;
}
