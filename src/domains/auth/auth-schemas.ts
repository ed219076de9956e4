import { z } from "zod";
import { email, notEmpty } from "../../http/validation/body-fields.ts";

/** Who logs in. */
export const login = z.strictObject({
  email: email({ description: "The account's e-mail, in any case.", example: "ada@example.com" }),
  password: notEmpty({ description: "The account's password.", example: "correct-horse" }),
});

export type Login = z.output<typeof login>;

export const tokenAnswer = z.strictObject({
  access_token: z
    .string()
    .meta({ description: "Send it as `Authorization: Bearer …`; it is good for 30 days." }),
});

export const existsAnswer = z.strictObject({ exists: z.boolean() });
