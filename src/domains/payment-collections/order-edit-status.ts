import { sql } from "../../database/sql.ts";

/**
 * The status of an order edit: `created` until the shop requests the customer's consent
 * (`requested`). The customer then confirms or declines it; the shop may cancel it before that.
 */
export type OrderEditStatus = "created" | "requested" | "confirmed" | "declined" | "canceled";

/** The status of a row of `order_edit`. */
export const orderEditStatus = sql`case when canceled_at is not null then 'canceled'
    when confirmed_at is not null then 'confirmed'
    when declined_at is not null then 'declined'
    when requested_at is not null then 'requested'
    else 'created' end`;
