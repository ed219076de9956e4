import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { z } from "zod";

/**
 * These schemas turn the text of a setting into its value. Each message completes the sentence
 * "PORT …", says what would be right, and never repeats the value, which may be a secret.
 */

/** `on` or `off`, in the usual spellings. */
export const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(["on", "off", "yes", "no", "true", "false", "1", "0"], "must be on or off"))
  .transform((word) => ["on", "yes", "true", "1"].includes(word));

const SPELLED = { yes: "on", true: "on", 1: "on", no: "off", false: "off", 0: "off" };

/** `on`, `off`, or `auto`, which leaves the decision to what is found. */
export const flagOrAuto = z
  .string()
  .toLowerCase()
  .transform((word) => SPELLED[word as keyof typeof SPELLED] ?? word)
  .pipe(z.enum(["auto", "on", "off"], "must be auto, on or off"));

/** An integer from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine(
      (value) => /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max,
      `must be a whole number from ${min} to ${max}`,
    )
    .transform(Number);

/** The most worker processes of one server. */
const MAX_WORKERS = 512;

/** How many worker processes: a number, or `auto` for one on each core. */
export const workerCount = z
  .string()
  .refine(
    (value) => value === "auto" || (/^[1-9]\d{0,2}$/.test(value) && Number(value) <= MAX_WORKERS),
    `must be auto, or a whole number from 1 to ${MAX_WORKERS}`,
  )
  .transform((value) => (value === "auto" ? availableParallelism() : Number(value)));

const BYTES_IN = { b: 1, kb: 1024, mb: 1024 * 1024 };

/** A number of bytes (`100kb`, `1mb`, `5000`); 1 kb is 1024 bytes. */
export const bytes = z
  .string()
  .regex(/^\d{1,9}\s*(b|kb|mb)?$/i, "must be a size such as 100kb or 1mb")
  .transform((value) => {
    const unit = value.replace(/[\d\s]/g, "").toLowerCase() as "" | keyof typeof BYTES_IN;
    return Number.parseInt(value, 10) * BYTES_IN[unit || "b"];
  });

/** The URL of a server with one of these schemes; the driver checks the rest of it. */
export const address = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)),
      `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    )
    .refine(
      (value) => !hasBarePassword(value),
      "has a #, /, ? or @ in its password: write %23, %2F, %3F or %40 there, or the rest is lost",
    )
    .refine((value) => URL.canParse(value), "is no address that can be read");

/**
 * Returns whether an address has a password with characters that end it: in front of an @ that
 * belongs to it, or with an @ behind what is read as the host.
 */
function hasBarePassword(value: string): boolean {
  const rest = value.slice(value.indexOf("://") + 3);
  if (/^https?:/.test(value) || !rest.includes("@")) return false;
  const [authority = ""] = rest.split(/[/?#]/, 1);
  const behind = rest.slice(authority.length);
  const isCut = !authority.includes("@") || behind.startsWith("#");
  return isCut || /^[^?]*[@#]/.test(behind);
}

/** Values separated by commas; spaces around them are removed. */
export const commaList = z.string().transform((value) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);

/** A name of a cookie that `Set-Cookie` accepts. */
export const cookieName = z
  .string()
  .regex(
    /^[\w!#$%&'*+.^`|~-]+$/,
    "must be a cookie name: letters, digits, dots, dashes, underscores",
  );

/** Returns whether a text is an IP address or a network such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [ip = "", bits, more] = text.split("/");
  const maxBits = isIP(ip) === 4 ? 32 : 128;
  return (
    isIP(ip) > 0 &&
    more === undefined &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits))
  );
}

const NAMED_NETWORKS = new Set(["loopback", "linklocal", "uniquelocal"]);

/** Express's `trust proxy`: `off`, a number of proxies, or their addresses and networks. */
export const trustedProxies = z
  .string()
  .refine(
    (value) =>
      /^(off|no|false|\d{1,2})$/i.test(value) ||
      value.split(",").every((one) => NAMED_NETWORKS.has(one.trim()) || isNetwork(one.trim())),
    "must be off, a number of proxies, or their IP addresses and networks",
  )
  .transform((value) => {
    if (/^(off|no|false|0)$/i.test(value)) return false;
    return /^\d{1,2}$/.test(value) ? Number(value) : value;
  });
