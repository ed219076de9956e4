import { region } from "../../graph/entities/region-entities.ts";
import { view } from "../../graph/view.ts";

const relations = ["countries", "payment_providers", "fulfillment_providers", "currency"];

/** The view of region endpoints. */
export const regionView = view(region, { relations: { default: relations, allowed: relations } });
