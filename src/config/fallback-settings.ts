import type { z } from "zod";
import { address, commaList, wholeNumber } from "./readers.ts";

/** The settings of a server that answers what Nettle does not have. */
export const fallbackSettings = {
  FALLBACK_URL: address("http", "https").optional(),
  FALLBACK_PATHS: commaList
    .refine(
      (paths) => paths.every((path) => path.startsWith("/")),
      "must be paths like /store/brands, separated by commas",
    )
    .prefault(""),
  FALLBACK_SECONDS: wholeNumber(1, 3600).prefault("60"),
  FALLBACK_REQUESTS: wholeNumber(1, 100_000).prefault("256"),
};

type Given = z.output<z.ZodObject<typeof fallbackSettings>>;

/** Arranges them. Undefined: what Nettle does not have is answered with 404. */
export function arrangeFallback(given: Given) {
  if (!given.FALLBACK_URL) return undefined;
  return {
    url: given.FALLBACK_URL,
    /** Paths that the other server answers although Nettle could. */
    paths: given.FALLBACK_PATHS,
    /** How long it may send nothing. */
    seconds: given.FALLBACK_SECONDS,
    /** How many requests it may have at once from one process. */
    requests: given.FALLBACK_REQUESTS,
  };
}
