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
  description: "The payment provider; one of the region's.",
  example: "manual",
});

/** By whom the whole is going to be paid. */
export const sessionWish = z.strictObject({ provider_id: provider });

const partWish = z.strictObject({
  provider_id: provider,
  amount: wholeNumber({
    description: "What is paid by it, in the smallest unit of the currency.",
    example: 1000,
  }),
  session_id: optionalText({
    description: "The session that pays it, where there is one; otherwise a new one does.",
    example: "ps_01HZX3W8V0C6C4Y0GBKPF2XH7C",
  }),
});

/** By whom the parts are going to be paid. */
export const sessionWishes = z.strictObject({
  sessions: listOf(
    {
      description:
        "Together they are the whole amount. Those of providers that the region does not have are passed over.",
    },
    "StorePostPaymentCollectionsSessionsReq",
    partWish,
  ),
});
export type SessionWish = z.output<typeof partWish>;

/** Which sessions are authorized. */
export const sessionIds = z.strictObject({
  session_ids: textList({
    description: "Sessions of the collection; others are passed over.",
    example: ["ps_01HZX3W8V0C6C4Y0GBKPF2XH7C"],
  }),
});
