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
    description: "Relations to show instead of the default ones, separated by commas.",
    example: "items,shipping_address",
  }),
  fields: text({
    description: "Columns to show, separated by commas; `+x` and `-x` edit the default ones.",
    example: "id,status",
  }),
};

/** Query parameters of a single order. */
export const orderQuery = z.strictObject(selection);

/** The largest number that PostgreSQL's `integer` holds. */
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
    description: "The number of the order that its customer knows.",
    examples: [1042],
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
    description: "The e-mail address of the order, in the same case.",
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
        description: "The postal code that it was sent to, in full.",
        example: "10115",
      }),
    }),
  )
  .optional()
  .meta({
    type: "object",
    description: "What else must fit.",
    properties: { postal_code: { type: "string" } },
    additionalProperties: false,
  });

/** Query parameters of the look-up, in the order in which Medusa names their faults. */
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

const numberText = (description: string, isWhole: boolean) =>
  parameter({ description }, { type: "string" }, (value, refuse) => {
    if (typeof value !== "string") {
      refuse("$property must be a string");
      return z.NEVER;
    }
    const number = value.trim() === "" ? Number.NaN : Number(value);
    const isValid =
      Number.isFinite(number) &&
      Math.abs(number) <= MAX_INTEGER &&
      (!isWhole || Number.isInteger(number));
    if (!isValid)
      refuse(isWhole ? "$property must be an integer number" : "$property must be a number");
    return number;
  });

/** Query parameters of a customer's own orders, in the order in which Medusa names their faults. */
export const customerOrdersQuery = (maxRows: number) =>
  z.strictObject({
    id: text({ description: "The order with this id." }),
    q: text({
      description: "Text to be found in the number, the e-mail address or a name.",
      example: "1042",
    }),
    status: statuses(
      ["pending", "completed", "archived", "canceled", "requires_action"],
      "Orders in any of these states.",
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
      "Orders whose fulfillment is in any of these states.",
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
      "Orders whose payment is in any of these states.",
    ),
    display_id: numberText("The order with this number.", true),
    cart_id: text({ description: "The order of this cart." }),
    email: text({ description: "Orders with exactly this e-mail address." }),
    region_id: text({ description: "Orders of this region." }),
    currency_code: text({ description: "Orders in this currency (lower case).", example: "eur" }),
    tax_rate: numberText("Orders with this one tax rate in percent.", false),
    created_at: dateRange(
      {
        description: "Orders placed in this range of time.",
        example: { gt: "2024-01-01T00:00:00Z" },
      },
      dateBounds,
    ),
    updated_at: dateRange({ description: "Orders changed in this range of time." }, dateBounds),
    canceled_at: dateRange({ description: "Orders cancelled in this range of time." }, dateBounds),
    limit: limit(maxRows, 10),
    offset: offset(),
    fields: selection.fields,
    expand: selection.expand,
  });
export type CustomerOrdersQuery = z.output<ReturnType<typeof customerOrdersQuery>>;
