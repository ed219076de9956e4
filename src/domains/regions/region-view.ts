import { region } from "../../graph/entities/region-entities.ts";
import { view } from "../../graph/view.ts";

const relations = ["countries", "payment_providers", "fulfillment_providers", "currency"];

/** What region endpoints show. */
export const regionView = view(region, { relations: { default: relations, allowed: relations } });
