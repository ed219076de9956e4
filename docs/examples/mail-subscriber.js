// @ts-check
/**
 * Notifications by a mail service that has an HTTP API. SUBSCRIBERS=./mail-subscriber.js loads it.
 *
 * @import { Subscribers } from "nettle-store-api/subscribers"
 */
const { MAIL_API_URL = "" } = process.env;
if (!MAIL_API_URL) throw new Error("MAIL_API_URL must be set");

/** @satisfies {Subscribers} */
const subscribers = {
  "order.placed": async ({ id, data }, { query, log, signal }) => {
    if (data.no_notification) return;
    const [order] = await query('select display_id, email from "order" where id = $1', [data.id]);
    if (!order) return;
    await send({ to: order["email"], template: "order-placed", number: order["display_id"] }, id, {
      signal,
    });
    log.info({ order: data.id }, "The order was confirmed by mail");
  },
  "customer.password_reset": async ({ id, data }, { signal }) => {
    await send({ to: data.email, template: "password-reset", token: data.token }, id, { signal });
  },
};

export default subscribers;

/**
 * What throws is called again later, with the same event. The mail service sends one mail a key.
 * @param {object} mail
 * @param {string} key
 * @param {{ signal: AbortSignal }} request
 */
async function send(mail, key, { signal }) {
  const answer = await fetch(`${MAIL_API_URL}/mails`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(mail),
    signal,
  });
  if (!answer.ok) throw new Error(`The mail service answered ${answer.status}`);
}
