import { z } from "zod";
import {
  listOf,
  optionalText,
  text,
  textList,
  wholeNumber,
} from "../../http/validation/body-fields.ts";
import { expand, fields } from "../../http/validation/query-fields.ts";
import { paymentCollectionView } from "./payment-collection-view.ts";

/** Query parameters of a payment collection. */
export const paymentCollectionQuery = z.strictObject({
  expand: expand(paymentCollectionView.relations),
  fields: fields(paymentCollectionView.fields),
});

const provider = text({
  description: "The id of the payment provider. It must be one of the region's.",
  example: "manual",
});

/** The provider of one session for the whole amount. */
export const sessionWish = z.strictObject({ provider_id: provider });

const partWish = z.strictObject({
  provider_id: provider,
  amount: wholeNumber({
    description: "The amount of the session, in the smallest unit of the currency.",
    example: 1000,
  }),
  session_id: optionalText({
    description: "A present session to keep for the amount. Without it, a new one is created.",
    example: "ps_01HK153X009DZ0B88VWFVPAV6A",
  }),
});

/** Sessions for parts of the amount. */
export const sessionWishes = z.strictObject({
  sessions: listOf(
    {
      description:
        "The sessions. Their amounts add up to the collection's. Those of providers that the " +
        "region does not have are ignored.",
    },
    "StorePostPaymentCollectionsSessionsReq",
    partWish,
  ),
});
export type SessionWish = z.output<typeof partWish>;

/** The sessions to authorize. */
export const sessionIds = z.strictObject({
  session_ids: textList({
    description: "The ids of sessions of the collection; other ids are ignored.",
    example: ["ps_01HK153X009DZ0B88VWFVPAV6A"],
  }),
});
