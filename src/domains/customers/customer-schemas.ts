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
  description: "The account's e-mail, in any case.",
  example: "ada@example.com",
});
const newPassword = text({ description: "The new password.", example: "correct-horse" });

/** Who registers. */
export const newCustomer = z.strictObject({
  ...names,
  email: ownEmail,
  password: newPassword,
  phone,
});
export type NewCustomer = z.output<typeof newCustomer>;

/** What changes of one's own account. */
export const customerChange = z.strictObject({
  billing_address: addressOrId(
    "The billing address, what changes of it, or the id of one of one's addresses; null takes it away.",
  ),
  ...names,
  password: optionalText({
    description: "A new password. It ends all other sessions and tokens.",
    example: "new-horse-9",
  }),
  phone,
  email: optionalEmail({ description: "A new e-mail to log in with.", example: "ada@example.com" }),
  metadata: optionalObject({
    description: "Merged with what is there; an empty text takes a key away.",
    example: { size: "M" },
  }),
});
export type CustomerChange = z.output<typeof customerChange>;

export const addressToAdd = z.strictObject({
  address: nested({ description: "The address." }, newAddress),
});

/** Whose password was forgotten. */
export const passwordTokenRequest = z.strictObject({ email: ownEmail });

/** A new password, and the token that came by mail. */
export const passwordReset = z.strictObject({
  email: ownEmail,
  token: text({ description: "The token that came by mail; it is good for 15 minutes, and once." }),
  password: newPassword,
});
export type PasswordReset = z.output<typeof passwordReset>;

export const paymentMethodsAnswer = z.strictObject({
  payment_methods: z.array(z.strictObject({ provider_id: z.string(), data: z.looseObject({}) })),
});
