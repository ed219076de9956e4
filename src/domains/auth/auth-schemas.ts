import { z } from "zod";
import { email, notEmpty } from "../../http/validation/body-fields.ts";

/** The body of a login. */
export const login = z.strictObject({
  email: email({
    description: "The e-mail of the account, in any case.",
    example: "mara@example.com",
  }),
  password: notEmpty({ description: "The account's password.", example: "walk-the-fells" }),
});

export type Login = z.output<typeof login>;

/** The answer of a login that returns a token. */
export const tokenAnswer = z.strictObject({
  access_token: z
    .string()
    .meta({ description: "To be sent as `Authorization: Bearer …`; it expires after 30 days." }),
});

/** The answer of the check whether an e-mail has an account. */
export const existsAnswer = z.strictObject({ exists: z.boolean() });
