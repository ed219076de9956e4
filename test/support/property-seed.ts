import fc from "fast-check";

/**
 * Property tests try the same cases at each run, so that the same code has the same result.
 * PROPERTY_SEED=<number> tries others, and PROPERTY_SEED=random others at each run.
 */
const given = process.env["PROPERTY_SEED"] ?? "20261126";
if (given !== "random") fc.configureGlobal({ seed: Number(given) });
