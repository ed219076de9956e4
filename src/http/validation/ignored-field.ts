import type { ZodType } from "zod";

/** The metadata of a field that is accepted and has no effect. */
export const IGNORED = "x-ignored";

/**
 * Returns the fields, which are validated as before. The API document leaves them out, since they
 * have no effect on the operation.
 */
export const ignored = <S extends ZodType>(field: S): S =>
  field.meta({ ...field.meta(), [IGNORED]: true });
