/** Which kind of provider a class of a Medusa plugin is. */
export type PluginKind = "payment_processor" | "payment_service" | "fulfillment_service";

/** A class that a plugin of Medusa 1.x exports, before it is known to be a provider. */
export interface PluginClass {
  new (container: object, options: object): object;
  readonly identifier?: unknown;
  readonly prototype: object;
}

/** The marks that Medusa's own base classes carry, as its loader looks for them. */
const MARKS: Readonly<Record<PluginKind, string>> = {
  payment_processor: "_isPaymentProcessor",
  payment_service: "_isPaymentService",
  fulfillment_service: "_isFulfillmentService",
};

/**
 * Returns the kind of a class; undefined for any other export. The older base classes of
 * `medusa-interfaces` carry no mark, and are known by their methods.
 */
export function kindOfClass(value: unknown): PluginKind | undefined {
  if (typeof value !== "function") return;
  for (const [kind, mark] of Object.entries(MARKS))
    if (Reflect.get(value, mark) === true) return kind as PluginKind;
  const has = (method: string) => typeof Reflect.get(value.prototype ?? {}, method) === "function";
  if (has("createPayment") && has("authorizePayment") && has("getStatus")) return "payment_service";
  if (has("validateFulfillmentData") && has("calculatePrice")) return "fulfillment_service";
}
