import type { Difference } from "./body-differences.ts";
import type { Answer } from "./read-answer.ts";

/** Why Nettle answers otherwise on purpose. docs/differences.md has all of them. */
interface Deliberate {
  readonly name: string;
  readonly reason: string;
  /** Whether a difference between two answers is one of these. */
  isMeant(difference: Difference, medusa: Answer, nettle: Answer): boolean;
}

const DELIBERATE: readonly Deliberate[] = [
  {
    name: "medusa-failed",
    reason: "Medusa answers with a fault of its own (5xx), Nettle with a refusal that says why",
    isMeant: (_, medusa, nettle) => medusa.status >= 500 && nettle.status < 500,
  },
  {
    name: "refusals-are-json",
    reason: "Where Medusa refuses with a page or no words, Nettle sends JSON with a message",
    isMeant: ({ path, medusa: theirs }, medusa, nettle) =>
      path !== "status" &&
      medusa.status >= 400 &&
      medusa.status === nettle.status &&
      (typeof medusa.body !== "object" || (path === "message" && theirs === undefined)),
  },
  {
    name: "customer-details",
    reason: "Only a customer who is logged in sees more of the customer than id and e-mail",
    isMeant: ({ path, nettle }) => /(^|\.)customer\.\w/.test(path) && nettle === undefined,
  },
  {
    name: "prices-of-others",
    reason:
      "Prices of price lists for others, of drafts and of lists that do not run are not shown",
    isMeant: ({ path, medusa, nettle }) => {
      if (!/\.prices\[\*\]\.id$/.test(path)) return false;
      const shown = new Set(medusa as string[]);
      return (nettle as string[]).every((id) => shown.has(id));
    },
  },
  {
    name: "options-of-products",
    reason: "product_ids finds the shipping options of the products; Medusa's list is always empty",
    isMeant: ({ path, medusa }) =>
      path === "shipping_options[*].id" && (medusa as string[]).length === 0,
  },
  {
    name: "only-what-is-for-sale",
    reason: "Products that are not published, and their variants, are not found",
    isMeant: ({ path }, medusa, nettle) =>
      path === "status" && nettle.status === 404 && isUnpublished(medusa.body),
  },
  {
    name: "hidden-categories",
    reason: "Inactive and internal categories are never shown",
    isMeant: ({ path, medusa, nettle }) =>
      /categor(y|ies)/.test(path) && path.endsWith("[*].id")
        ? (nettle as string[]).every((id) => (medusa as string[]).includes(id))
        : /parent_category$/.test(path) && nettle === null,
  },
  {
    name: "flags-that-are-off",
    reason: "Fields of Medusa's feature flags are there while the flags are off, without a value",
    isMeant: ({ path, medusa, nettle }) =>
      /(^|[._])(includes_tax|sales_channel|sales_channel_id)$/.test(path) &&
      medusa === undefined &&
      (nettle === false || nettle === null),
  },
  {
    name: "order-of-equals",
    reason: "Rows that were created at the same time have no order in Medusa",
    isMeant: ({ path }, medusa, nettle) => {
      const [list = "", isIds] = path.split("[*].");
      return isIds === "id" && isSameButForEquals(rowsOf(medusa, list), rowsOf(nettle, list));
    },
  },
  {
    name: "rates-of-other-products",
    reason: "Medusa sometimes applies the tax rates of one product to all products of a list",
    isMeant: ({ path }, medusa, nettle) => {
      const [, at] = /^products\[(\d+)\]\.variants\[\d+\]\.\w*(_tax\b|tax_rates)/.exec(path) ?? [];
      if (at === undefined) return false;
      const shown = ratesOf(rowsOf(medusa, "products")[Number(at)]);
      return rowsOf(nettle, "products").some(
        (product, other) => other !== Number(at) && ratesOf(product) === shown,
      );
    },
  },
];

/** Returns the tax rates of a product, as a text that is the same for the same rates. */
function ratesOf(product: Row | undefined): string {
  const [variant] = (product?.["variants"] ?? []) as readonly Row[];
  const rates = (variant?.["tax_rates"] ?? []) as readonly Row[];
  return JSON.stringify(rates.map(({ rate, code }) => [rate, code]));
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf({ body }: Answer, list: string): readonly Row[] {
  const rows = (body as Record<string, unknown> | null)?.[list];
  return Array.isArray(rows) ? rows : [];
}

/** Whether lists have the same rows, and differ only in the order of those of the same time. */
function isSameButForEquals(one: readonly Row[], other: readonly Row[]): boolean {
  const ids = new Set(other.map(({ id }) => id));
  return (
    one.length === other.length &&
    one.length > 0 &&
    one.every(
      ({ id, created_at: time }, at) =>
        ids.has(id) && time !== undefined && time === other[at]?.["created_at"],
    )
  );
}

function isUnpublished(body: unknown): boolean {
  const { product, variant } = (body ?? {}) as {
    product?: { status?: string };
    variant?: { product?: { status?: string } };
  };
  const status = product?.status ?? variant?.product?.status;
  return status !== undefined && status !== "published";
}

/** Returns the deliberate difference that explains one, with its reason. */
export function deliberateDifference(
  difference: Difference,
  medusa: Answer,
  nettle: Answer,
): Pick<Deliberate, "name" | "reason"> | undefined {
  return DELIBERATE.find(({ isMeant }) => isMeant(difference, medusa, nettle));
}
