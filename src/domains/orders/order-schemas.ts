import { z } from "zod";
import { isEmail } from "../../core/email.ts";
import {
  dateBounds,
  dateRange,
  limit,
  offset,
  parameter,
  text,
} from "../../http/validation/query-fields.ts";

const selection = {
  expand: text({
    description: "Comma-separated relations to show instead of the default ones.",
    example: "items,shipping_address",
  }),
  fields: text({
    description:
      "Comma-separated columns to show; `+x` and `-x` add to and remove from the default.",
    example: "id,status",
  }),
};

/** The query parameters for one order. */
export const orderQuery = z.strictObject(selection);

/** The largest value of PostgreSQL's `integer`. */
export const MAX_INTEGER = 2_147_483_647;

const displayId = z
  .unknown()
  .transform((value, context) => {
    const number = typeof value === "string" ? Number(value) : Number.NaN;
    const message = !Number.isFinite(number)
      ? "$property must be a number conforming to the specified constraints"
      : Number.isInteger(number)
        ? undefined
        : "$property must be an integer number";
    if (message) context.addIssue({ code: "custom", message });
    return number;
  })
  .meta({
    type: "integer",
    description: "The order number that the customer received.",
    examples: [1],
  });

const orderEmail = z
  .unknown()
  .transform((value, context) => {
    if (typeof value === "string" && isEmail(value)) return value;
    context.addIssue({ code: "custom", message: "$property must be an email" });
    return z.NEVER;
  })
  .meta({
    type: "string",
    format: "email",
    description: "The e-mail address of the order; case sensitive.",
  });

const shippingAddress = z
  .unknown()
  .superRefine((value, context) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      context.addIssue({
        code: "custom",
        message: "nested property $property must be either object or array",
        continue: false,
      });
  })
  .pipe(
    z.strictObject({
      postal_code: text({
        description: "The complete postal code of the shipping address.",
        example: "10435",
      }),
    }),
  )
  .optional()
  .meta({
    type: "object",
    description: "The shipping address that the order must have.",
    properties: { postal_code: { type: "string" } },
    additionalProperties: false,
  });

/** The query parameters of the order look-up, in the order in which Medusa reports their errors. */
export const lookUpQuery = z.strictObject({
  display_id: displayId,
  email: orderEmail,
  shipping_address: shippingAddress,
  ...selection,
});
export type LookUpQuery = z.output<typeof lookUpQuery>;

const statuses = (words: readonly string[], description: string) =>
  parameter(
    { description, example: [words[0]] },
    { type: "array", items: { type: "string", enum: words } },
    (value, refuse) => {
      const input = typeof value === "string" ? [value] : value;
      if (Array.isArray(input) && input.every((word) => words.includes(word)))
        return input as string[];
      refuse(`each value in $property must be one of the following values: ${words.join(", ")}`);
      return z.NEVER;
    },
  );

const numberText = (description: string, isInteger: boolean) =>
  parameter({ description }, { type: "string" }, (value, refuse) => {
    if (typeof value !== "string") {
      refuse("$property must be a string");
      return z.NEVER;
    }
    const number = value.trim() === "" ? Number.NaN : Number(value);
    const isValid =
      Number.isFinite(number) &&
      Math.abs(number) <= MAX_INTEGER &&
      (!isInteger || Number.isInteger(number));
    if (!isValid)
      refuse(isInteger ? "$property must be an integer number" : "$property must be a number");
    return number;
  });

/**
 * The query parameters of a customer's own orders, in the order in which Medusa reports their
 * errors.
 */
export const customerOrdersQuery = (maxRows: number) =>
  z.strictObject({
    id: text({ description: "Only the order with this id." }),
    q: text({
      description: "Search text for the order number, the e-mail address and names.",
      example: "1",
    }),
    status: statuses(
      ["pending", "completed", "archived", "canceled", "requires_action"],
      "Only orders with one of these statuses.",
    ),
    fulfillment_status: statuses(
      [
        "not_fulfilled",
        "partially_fulfilled",
        "fulfilled",
        "partially_shipped",
        "shipped",
        "partially_returned",
        "returned",
        "canceled",
        "requires_action",
      ],
      "Only orders with one of these fulfillment statuses.",
    ),
    payment_status: statuses(
      [
        "not_paid",
        "awaiting",
        "captured",
        "partially_refunded",
        "refunded",
        "canceled",
        "requires_action",
      ],
      "Only orders with one of these payment statuses.",
    ),
    display_id: numberText("Only the order with this number.", true),
    cart_id: text({ description: "Only the order of this cart." }),
    email: text({ description: "Only orders with exactly this e-mail address." }),
    region_id: text({ description: "Only orders of this region." }),
    currency_code: text({
      description: "Only orders in this currency (lower case).",
      example: "eur",
    }),
    tax_rate: numberText("Only orders with this tax rate, in percent.", false),
    created_at: dateRange(
      {
        description: "Only orders placed in this date range.",
        example: { gt: "2024-01-01T00:00:00Z" },
      },
      dateBounds,
    ),
    updated_at: dateRange({ description: "Only orders changed in this date range." }, dateBounds),
    canceled_at: dateRange({ description: "Only orders canceled in this date range." }, dateBounds),
    limit: limit(maxRows, 10),
    offset: offset(),
    fields: selection.fields,
    expand: selection.expand,
  });
export type CustomerOrdersQuery = z.output<ReturnType<typeof customerOrdersQuery>>;
