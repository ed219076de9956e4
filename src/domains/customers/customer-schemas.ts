import { z } from "zod";
import {
  email,
  optionalEmail,
  optionalObject,
  optionalText,
  text,
} from "../../http/validation/body-fields.ts";
import { nested } from "../../http/validation/nested-fields.ts";
import { addressOrId, newAddress } from "./address-schemas.ts";

const names = {
  first_name: optionalText({ description: "First name", example: "Ada" }),
  last_name: optionalText({ description: "Last name", example: "Lind" }),
};
const phone = optionalText({ description: "Phone", example: "+4512345678" });
const ownEmail = email({
  description: "The e-mail of the account, in any case.",
  example: "ada@example.com",
});
const newPassword = text({ description: "The new password.", example: "over-the-hills" });

/** The body of a registration. */
export const newCustomer = z.strictObject({
  ...names,
  email: ownEmail,
  password: newPassword,
  phone,
});
export type NewCustomer = z.output<typeof newCustomer>;

/** The body of an update of a customer's own account. */
export const customerChange = z.strictObject({
  billing_address: addressOrId(
    "The billing address, the fields of it to change, or the id of an address of the customer; " +
      "null removes it.",
  ),
  ...names,
  password: optionalText({
    description: "A new password, which ends all other sessions and tokens.",
    example: "over-the-hills",
  }),
  phone,
  email: optionalEmail({ description: "A new e-mail to log in with.", example: "ada@example.com" }),
  metadata: optionalObject({
    description: "Merged with the present metadata; an empty string removes a key.",
    example: { size: "M" },
  }),
});
export type CustomerChange = z.output<typeof customerChange>;

/** The body that adds an address to the address book. */
export const addressToAdd = z.strictObject({
  address: nested({ description: "The address." }, newAddress),
});

/** The body of a request for a password reset token. */
export const passwordTokenRequest = z.strictObject({ email: ownEmail });

/** The body of a password reset: the new password, and the token from the e-mail. */
export const passwordReset = z.strictObject({
  email: ownEmail,
  token: text({
    description: "The token from the e-mail; it expires after 15 minutes and works once.",
  }),
  password: newPassword,
});
export type PasswordReset = z.output<typeof passwordReset>;

/** The answer with a customer's saved payment methods. */
export const paymentMethodsAnswer = z.strictObject({
  payment_methods: z.array(z.strictObject({ provider_id: z.string(), data: z.looseObject({}) })),
});
