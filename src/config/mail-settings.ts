import { z } from "zod";
import { isLoopback } from "../core/is-loopback.ts";
import { address, commaList } from "./readers.ts";

/** The settings of mails. */
export const mailSettings = {
  SMTP_URL: address("smtp", "smtps").optional(),
  SMTP_TLS: z
    .enum(["required", "opportunistic", "off"], "must be required, opportunistic or off")
    .prefault("required"),
  MAIL_FROM: z.string().optional(),
  MAILS: commaList.optional(),
  MAIL_TEMPLATES: z.string().optional(),
  MAIL_LANGUAGE: z
    .string()
    .refine(isLanguage, "must be a language tag such as en, de or de-AT")
    .prefault("en"),
  STOREFRONT_URL: address("http", "https").prefault("http://localhost:8000"),
  PASSWORD_RESET_URL: z.string().prefault("/account/reset-password?token={token}&email={email}"),
  ORDER_CLAIM_URL: z.string().prefault("/account/claim-orders?token={token}"),
};

type Given = z.output<z.ZodObject<typeof mailSettings>>;

/** Arranges them by subject. */
export function arrangeMail(given: Given) {
  return {
    smtpUrl: given.SMTP_URL,
    tls: given.SMTP_TLS,
    from: given.MAIL_FROM ?? "",
    /** The mails that are sent. Undefined: all that nobody else is expected to send. */
    wanted: given.MAILS,
    /** The shop's own templates. Undefined: the built-in ones alone. */
    templates: given.MAIL_TEMPLATES,
    /** The language of a buyer whose own is unknown or has no templates. */
    language: given.MAIL_LANGUAGE,
    storefrontUrl: given.STOREFRONT_URL,
    /** Targets of the links in mails; `{token}` and `{email}` are replaced. */
    passwordResetUrl: inStorefront(given.STOREFRONT_URL, given.PASSWORD_RESET_URL),
    orderClaimUrl: inStorefront(given.STOREFRONT_URL, given.ORDER_CLAIM_URL),
  };
}

/** Returns a sentence if mails may be sent unencrypted to another machine. */
export function mailWarnings({ SMTP_URL, SMTP_TLS }: Given): string[] {
  if (!SMTP_URL || SMTP_TLS === "required" || SMTP_URL.startsWith("smtps://")) return [];
  return isLoopback(new URL(SMTP_URL).hostname)
    ? []
    : [`SMTP_TLS is ${SMTP_TLS}: mails with tokens may be sent in clear text`];
}

/** Completes a path with the storefront's address; a complete address may be on another host. */
function inStorefront(storefront: string, address: string): string {
  return address.startsWith("/") ? storefront.replace(/\/+$/, "") + address : address;
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
