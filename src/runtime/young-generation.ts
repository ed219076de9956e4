import { setFlagsFromString } from "node:v8";

/**
 * Keeps the space of V8's young objects as small as it is. Most of what a start builds remains:
 * V8 would take 30 MB more for such a space, and keep them while nothing happens.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** Lets it grow with the requests, as V8 does by default. */
export function letYoungGenerationGrow(): void {
  setFlagsFromString("--semi-space-growth-factor=2");
}
