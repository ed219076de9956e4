import { z } from "zod";
import { optionalObject, optionalText, text } from "../../http/validation/body-fields.ts";
import { objectOrId } from "../../http/validation/nested-fields.ts";

const documented = {
  first_name: { description: "First name", example: "Ada" },
  last_name: { description: "Last name", example: "Lind" },
  phone: { description: "Phone", example: "+4512345678" },
  metadata: { description: "Additional data", example: { floor: 3 } },
  company: { description: "Company", example: "Lind ApS" },
  address_1: { description: "Street and number", example: "Strandvejen 1" },
  address_2: { description: "Second address line", example: "2. tv" },
  city: { description: "City", example: "Aarhus" },
  country_code: {
    description: "ISO 3166-1 alpha-2 country code, in any case",
    example: "dk",
  },
  province: { description: "Province or state", example: "Jylland" },
  postal_code: { description: "Postal code", example: "8000" },
};

/** The fields of an address; all are optional. */
export const addressChange = z.strictObject({
  first_name: optionalText(documented.first_name),
  last_name: optionalText(documented.last_name),
  phone: optionalText(documented.phone),
  metadata: optionalObject(documented.metadata),
  company: optionalText(documented.company),
  address_1: optionalText(documented.address_1),
  address_2: optionalText(documented.address_2),
  city: optionalText(documented.city),
  country_code: optionalText(documented.country_code),
  province: optionalText(documented.province),
  postal_code: optionalText(documented.postal_code),
});

export type AddressChange = z.output<typeof addressChange>;

/** A new address for the address book. */
export const newAddress = z.strictObject({
  ...addressChange.shape,
  first_name: text(documented.first_name),
  last_name: text(documented.last_name),
  metadata: z.unknown().optional().meta({ description: documented.metadata.description }),
  address_1: text(documented.address_1),
  city: text(documented.city),
  country_code: text(documented.country_code),
  postal_code: text(documented.postal_code),
});

export type NewAddress = z.output<typeof newAddress>;

/** An address, the fields of it to change, or the id of an address. */
export const addressOrId = (description: string) =>
  objectOrId({ description }, "AddressPayload", addressChange);
