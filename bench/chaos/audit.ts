import type { Knex } from "knex";
import { findStripeErrors } from "../../test/support/find-stripe-errors.ts";
import type { Cluster } from "./cluster.ts";
import type { Fixture } from "./fixture.ts";
import type { ShopperLog } from "./shoppers.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * Returns a sentence for each violation once all requests are done; none when the books are right.
 */
export async function audit(
  knex: Knex,
  cluster: Cluster,
  fixture: Fixture,
  log: ShopperLog,
): Promise<string[]> {
  const rows = async (statement: string): Promise<Row[]> => (await knex.raw(statement)).rows;
  const describeRows = async (what: string, statement: string) =>
    (await rows(statement)).map((row) => `${what}: ${JSON.stringify(row)}`);
  return [
    ...log.violations.map((answer) => `a forbidden answer: ${answer}`),
    ...(await describeRows(
      "a cart has several orders",
      `select cart_id, count(*) from "order" where cart_id is not null
        group by 1 having count(*) > 1`,
    )),
    ...(await findWrongOrderIds(rows, log)),
    ...(await findStockErrors(rows, fixture)),
    ...(await describeRows(
      "a discount's usage count is wrong",
      `select code, usage_count, usage_limit, uses from (
          select d.*, (select count(*) from order_discounts where discount_id = d.id) + (
            select count(*) from swap s
              join cart_discounts c on c.cart_id = s.cart_id and c.discount_id = d.id
            where s.confirmed_at is not null and not exists (
              select 1 from order_discounts o
              where o.order_id = s.order_id and o.discount_id = d.id)
          ) as uses from discount d
        ) d
        where usage_count <> uses or usage_count > usage_limit`,
    )),
    ...(await describeRows(
      "a gift card's balance is wrong",
      `select g.code, value, balance, coalesce(sum(t.amount), 0) as spent
        from gift_card g left join gift_card_transaction t on t.gift_card_id = g.id
        group by g.id having value <> balance + coalesce(sum(t.amount), 0) or balance < 0`,
    )),
    ...(await findPaymentErrors(rows, cluster)),
    ...(await findStripeErrors(knex, cluster.stripe.account)),
    ...(await describeRows("a checkout lease is left over", "select * from nettle_checkout")),
    ...(await describeRows(
      "an authorization lease is left over",
      "select * from nettle_authorization",
    )),
    ...(await describeRows(
      "a payment still waits for its release",
      "select * from nettle_payment_release where released_at is null",
    )),
    ...(await findUnpaidOrders(rows, cluster)),
    ...cluster.unexpectedErrors().filter((line) => line.includes("unknown error")),
  ];
}

/** Checks that the order or swap in every response is the one in the database. */
async function findWrongOrderIds(
  rows: (statement: string) => Promise<Row[]>,
  { resultsByCart: became }: ShopperLog,
): Promise<string[]> {
  const real = await rows(
    `select cart_id, id from "order" where cart_id is not null
      union select cart_id, id from swap where confirmed_at is not null`,
  );
  const idOf = new Map(real.map(({ cart_id, id }) => [cart_id, id]));
  return [...became].flatMap(([cart, ids]) =>
    [...ids].filter((id) => idOf.get(cart) !== id).map((id) => `${cart} was answered with ${id}`),
  );
}

async function findStockErrors(
  rows: (statement: string) => Promise<Row[]>,
  { stockedVariants }: Fixture,
): Promise<string[]> {
  const found = await rows(
    `select v.id, inventory_quantity, allow_backorder or not manage_inventory as may_be_negative,
        coalesce((
          select sum(l.quantity) from line_item l
            left join "order" o on o.id = l.order_id left join swap s on s.id = l.swap_id
          where l.variant_id = v.id and not l.is_return
            and (o.cart_id is not null or s.confirmed_at is not null)
        ), 0)::int as sold
      from product_variant v`,
  );
  return stockedVariants.flatMap(({ id, stock: before }) => {
    const row = found.find((one) => one["id"] === id)!;
    const remaining = Number(row["inventory_quantity"]);
    const isRight =
      before === remaining + Number(row["sold"]) && (row["may_be_negative"] || remaining >= 0);
    return isRight ? [] : [`stock: ${before} before, ${JSON.stringify(row)}`];
  });
}

/**
 * Checks that every amount a provider holds or captured pays for an order, swap or order edit, and
 * that every payment of the shop exists at its provider.
 */
async function findPaymentErrors(
  rows: (statement: string) => Promise<Row[]>,
  { providers }: Cluster,
): Promise<string[]> {
  const paid = await rows(
    `select p.provider_id, p.data->>'id' as id, p.amount, p.cart_id from payment p
      where p.canceled_at is null and p.provider_id in ('remote', 'other')
        and (p.order_id is not null or p.swap_id is not null or exists (
          select 1 from payment_collection_payments c
            join order_edit e on e.payment_collection_id = c.payment_collection_id
          where c.payment_id = p.id and e.declined_at is null and e.canceled_at is null))`,
  );
  const paymentsById = new Map<string, Row>();
  const violations: string[] = [];
  for (const row of paid) {
    const key = `${row["provider_id"]} ${row["id"]}`;
    if (paymentsById.has(key)) violations.push(`a payment pays twice: ${JSON.stringify(row)}`);
    paymentsById.set(key, row);
  }
  for (const [provider, { ledger }] of Object.entries(providers)) {
    for (const payment of ledger.payments.values()) {
      const netAmount = payment.authorized - payment.canceled - payment.refunded;
      const row = paymentsById.get(`${provider} ${payment.id}`);
      paymentsById.delete(`${provider} ${payment.id}`);
      if (netAmount !== Number(row?.["amount"] ?? 0))
        violations.push(
          `${provider} has ${JSON.stringify(payment)}, the shop ${JSON.stringify(row)}`,
        );
    }
  }
  return [
    ...violations,
    ...[...paymentsById.keys()].map((key) => `a payment is unknown to its provider: ${key}`),
  ];
}

/** Checks that the payments of each order sum up to its total. */
async function findUnpaidOrders(
  rows: (statement: string) => Promise<Row[]>,
  cluster: Cluster,
): Promise<string[]> {
  const orders = await rows(
    `select o.id, coalesce(sum(p.amount), 0)::int as paid
      from "order" o left join payment p on p.order_id = o.id and p.canceled_at is null
      where o.cart_id is not null group by 1`,
  );
  const violations: string[] = [];
  for (const { id, paid } of orders) {
    const { body } = await cluster.anyClient().get(`/store/orders/${id}`);
    if (body.order?.total !== paid)
      violations.push(`order ${id} costs ${body.order?.total}, and ${paid} was paid`);
  }
  return violations;
}
