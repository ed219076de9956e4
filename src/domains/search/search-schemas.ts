import { z } from "zod";
import { answerSchema } from "../../graph/answer-schema.ts";
import {
  image,
  product,
  productCollection,
  productOption,
  productTag,
  productType,
  productVariant,
} from "../../graph/entities/catalogue-entities.ts";
import { optionalText } from "../../http/validation/body-fields.ts";
import { facetName, facetNames, filterable } from "./filter.ts";
import { variantLists } from "./search-hit.ts";

/**
 * An integer from 0 to `max`, parsed like JavaScript's `Number()`, as in Medusa; null counts as
 * absent.
 */
const integer = (description: string, preset: number, max: number) =>
  z
    .unknown()
    .transform((value, context) => {
      if (value === undefined || value === null) return preset;
      const refuse = (message: string) =>
        context.addIssue({ code: "custom", message: `$property ${message}` });
      const number = typeof value === "object" ? Number.NaN : Number(value);
      if (!Number.isFinite(number))
        refuse("must be a number conforming to the specified constraints");
      else if (!Number.isInteger(number)) refuse("must be an integer number");
      else if (number < 0) refuse("must not be less than 0");
      else if (number > max) refuse(`must not be greater than ${max}`);
      return number;
    })
    .optional()
    .meta({ description, type: "integer", minimum: 0, maximum: max, default: preset });

const FILTER = `The condition that products must meet, in MeiliSearch's filter language:
an expression (\`tags_value = New AND prices.eur < 5000\`), a list of expressions that must all hold
(of an inner list, any), or an object of attributes. Operators: \`=\`, \`!=\`, \`IN [a, b]\`,
\`NOT IN\`, \`EXISTS\`, \`AND\`, \`OR\`, \`NOT\`, parentheses; for prices also \`>\`, \`>=\`, \`<\`,
\`<=\` and \`1000 TO 5000\`. Attributes: ${filterable} (the lowest price in that currency, without
price lists). Text is compared without case and accents; values with spaces need quotes.`;

/**
 * The body of a search. Other properties are accepted and ignored, as in Medusa. Errors are
 * reported in this order.
 */
export const searchBody = (maxRows: number) =>
  z.looseObject({
    q: optionalText({
      description: "The search text; without it all products are returned, newest first.",
      example: "enamel mug",
    }),
    offset: integer("The number of hits to skip.", 0, 2_147_483_647),
    limit: integer(`The maximum number of hits, up to ${maxRows}.`, 20, maxRows),
    filter: z
      .unknown()
      .optional()
      .meta({
        description: FILTER,
        examples: [
          "tags_value = New AND prices.eur < 5000",
          [
            "type_value = Tableware",
            ["collection_handle = hut-to-hut", "collection_handle = slow-mornings"],
          ],
          {
            collection_id: ["pcol_01HK153X03RNBKEAEP22AZ9X78"],
            is_giftcard: false,
            "prices.eur": { gte: 1000, lte: 5000 },
          },
        ],
      }),
    facets: z
      .unknown()
      .transform((value, context) => {
        const names = readFacets(value);
        if (names) return names;
        context.addIssue({
          code: "custom",
          message: `$property must be a list of ${facetNames.join(", ")}, or *`,
        });
        return z.NEVER;
      })
      .optional()
      .meta({
        description:
          "Attributes whose values are counted among all hits, the hundred most frequent " +
          `values of each: ${facetNames.join(", ")}; \`*\` means all of them.`,
        type: "array",
        items: { type: "string" },
        examples: [["tags_value", "type_value"]],
      }),
    region_id: optionalText({
      description: "The region whose prices and taxes are returned, as in the product list.",
      example: "reg_01HK153X0160NFFT87MR089QV7",
    }),
    currency_code: optionalText({
      description: "The currency (lower case) whose prices are returned, without taxes.",
      example: "eur",
    }),
    cart_id: optionalText({
      description: "The cart whose region's prices are returned.",
      example: "cart_01HK153X00Q23JN1VK0TV104B8",
    }),
  });

/** Returns the requested facets, or undefined if the value is not a list of facets. */
function readFacets(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return [];
  const names = typeof value === "string" ? [value] : value;
  if (!Array.isArray(names)) return;
  if (names.includes("*")) return [...facetNames];
  const known = names.map((name) => (typeof name === "string" ? facetName(name) : undefined));
  return known.every((name) => name !== undefined) ? [...new Set(known)] : undefined;
}

const list = z.array(z.string());

const columns = Object.fromEntries(
  Object.entries((answerSchema(product) as z.ZodObject).shape).filter(([name]) =>
    Object.hasOwn(product.columns, name),
  ),
);

/**
 * A product as Medusa's MeiliSearch plugin stores it, with facts about its relations repeated in
 * plain lists.
 */
const hit = z
  .strictObject({
    ...columns,
    variants: z.array(answerSchema(productVariant)),
    options: z.array(answerSchema(productOption)),
    images: z.array(answerSchema(image)),
    tags: z.array(answerSchema(productTag)),
    collection: answerSchema(productCollection).nullable(),
    type: answerSchema(productType).nullable(),
    type_value: z.string().nullable(),
    collection_title: z.string().nullable(),
    collection_handle: z.string().nullable(),
    tags_value: list,
    categories: list,
    ...Object.fromEntries(variantLists.map((name) => [`variant_${name}`, list])),
    variant_options: list,
    variant_options_value: list,
  })
  .meta({ id: "SearchHit" });

/** The answer of a search, in MeiliSearch's form. */
export const searchAnswer = z.strictObject({
  hits: z.array(hit),
  query: z.string().meta({ description: "The search text." }),
  processingTimeMs: z.int().meta({ description: "The duration of the search, in milliseconds." }),
  limit: z.int(),
  offset: z.int(),
  estimatedTotalHits: z
    .int()
    .meta({ description: "The number of hits; a search reaches the first 1,000." }),
  facetDistribution: z
    .record(z.string(), z.record(z.string(), z.int()))
    .optional()
    .meta({ description: "With `facets`: the number of hits with each value." }),
});

export type SearchBody = z.output<ReturnType<typeof searchBody>>;
