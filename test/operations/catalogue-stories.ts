import { aCategory, aCollection, aGiftCard, aReason, aTag, aType } from "../support/catalogue-builders.ts";
import { holding, invalid, notFound, refused, type Stories } from "./stage.ts";

export const catalogueStories: Stories = {
  "GET /store/products": {
    works: async (stage) =>
      holding(await stage.get(`/store/products?region_id=${stage.set.region}&title=Merino%20tee`), {
        products: [{ id: stage.set.product, variants: [{ calculated_price: 1000 }] }],
        count: 1,
      }),
    refuses: async (stage) => refused(await stage.get("/store/products?limit=-1&nope=1"), 400, invalid),
  },
  "GET /store/products/{id}": {
    works: async (stage) =>
      holding(await stage.get(`/store/products/${stage.set.product}`), { product: { title: "Merino tee" } }),
    refuses: async (stage) => refused(await stage.get("/store/products/prod_nope"), 404, notFound),
  },
  "POST /store/products/search": {
    works: async (stage) =>
      holding(await stage.post("/store/products/search", { q: "merino" }), {
        hits: [{ id: stage.set.product }],
        query: "merino",
      }),
    refuses: async (stage) => refused(await stage.post("/store/products/search", { q: 1 }), 400, invalid),
  },
  "GET /store/variants": {
    works: async (stage) =>
      holding(await stage.get(`/store/variants?ids=${stage.set.variant}`), { variants: [{ id: stage.set.variant }] }),
    refuses: async (stage) => refused(await stage.get("/store/variants?order=title"), 400, invalid),
  },
  "GET /store/variants/{id}": {
    works: async (stage) =>
      holding(await stage.get(`/store/variants/${stage.set.variant}`), { variant: { product_id: stage.set.product } }),
    refuses: async (stage) => refused(await stage.get("/store/variants/variant_nope"), 404, notFound),
  },
  "GET /store/collections": {
    works: async (stage) => {
      const { id, handle } = await aCollection(stage.knex);
      return holding(await stage.get(`/store/collections?handle[]=${handle}`), { collections: [{ id }], count: 1 });
    },
    refuses: async (stage) => refused(await stage.get("/store/collections?limit=x"), 400, invalid),
  },
  "GET /store/collections/{id}": {
    works: async (stage) => {
      const { id, title } = await aCollection(stage.knex);
      return holding(await stage.get(`/store/collections/${id}`), { collection: { title } });
    },
    refuses: async (stage) => refused(await stage.get("/store/collections/pcol_nope"), 404, notFound),
  },
  "GET /store/product-categories": {
    works: async (stage) => {
      const { id, handle } = await aCategory(stage.knex);
      return holding(await stage.get(`/store/product-categories?handle=${handle}`), { product_categories: [{ id }], count: 1 });
    },
    refuses: async (stage) => refused(await stage.get("/store/product-categories?is_active=true"), 400, invalid),
  },
  "GET /store/product-categories/{id}": {
    works: async (stage) => {
      const { id, name } = await aCategory(stage.knex);
      return holding(await stage.get(`/store/product-categories/${id}`), { product_category: { name } });
    },
    refuses: async (stage) => {
      const { id } = await aCategory(stage.knex, { is_internal: true });
      return refused(await stage.get(`/store/product-categories/${id}`), 404, notFound);
    },
  },
  "GET /store/product-tags": {
    works: async (stage) => {
      const { id, value } = await aTag(stage.knex);
      return holding(await stage.get(`/store/product-tags?value[]=${value}`), { product_tags: [{ id }], count: 1 });
    },
    refuses: async (stage) => refused(await stage.get("/store/product-tags?order=nope"), 400, invalid),
  },
  "GET /store/product-types": {
    works: async (stage) => {
      const { id, value } = await aType(stage.knex);
      return holding(await stage.get(`/store/product-types?value[]=${value}`), { product_types: [{ id }], count: 1 });
    },
    refuses: async (stage) => refused(await stage.get("/store/product-types?offset=-1"), 400, invalid),
  },
  "GET /store/regions": {
    works: async (stage) =>
      holding(await stage.get("/store/regions"), { regions: [{ id: stage.set.region, countries: [{ iso_2: "de" }] }], count: 1 }),
    refuses: async (stage) => refused(await stage.get("/store/regions?limit=1.5"), 400, invalid),
  },
  "GET /store/regions/{id}": {
    works: async (stage) =>
      holding(await stage.get(`/store/regions/${stage.set.region}`), { region: { currency_code: "eur", tax_rate: 19 } }),
    refuses: async (stage) => refused(await stage.get("/store/regions/reg_nope"), 404, notFound),
  },
  "GET /store/shipping-options": {
    works: async (stage) =>
      holding(await stage.get(`/store/shipping-options?region_id=${stage.set.region}`), {
        shipping_options: [{ id: stage.set.option, amount: 500, price_incl_tax: 595 }],
      }),
    refuses: async (stage) => refused(await stage.get("/store/shipping-options?is_return=perhaps"), 400, invalid),
  },
  "GET /store/shipping-options/{cart_id}": {
    works: async (stage) => {
      const cart = await stage.cart();
      return holding(await stage.get(`/store/shipping-options/${cart.id}`), { shipping_options: [{ id: stage.set.option }] });
    },
    refuses: async (stage) => refused(await stage.get("/store/shipping-options/cart_nope"), 404, notFound),
  },
  "GET /store/return-reasons": {
    works: async (stage) => {
      const { id, label } = await aReason(stage.knex);
      const answer = await stage.get("/store/return-reasons");
      const found = answer.body.return_reasons.filter((reason: { id: string }) => reason.id === id);
      holding({ ...answer, body: found }, [{ label }]);
      return answer;
    },
    refuses: async (stage) => refused(await stage.garbled("get", "/store/return-reasons"), 400, invalid),
  },
  "GET /store/return-reasons/{id}": {
    works: async (stage) => {
      const { id, value } = await aReason(stage.knex);
      return holding(await stage.get(`/store/return-reasons/${id}`), { return_reason: { value } });
    },
    refuses: async (stage) => refused(await stage.get("/store/return-reasons/rr_nope"), 404, notFound),
  },
  "GET /store/gift-cards/{code}": {
    works: async (stage) => {
      const { id, code } = await aGiftCard(stage.knex, stage.set.region);
      return holding(await stage.get(`/store/gift-cards/${code}`), { gift_card: { id, balance: 5000 } });
    },
    refuses: async (stage) => {
      const { code } = await aGiftCard(stage.knex, stage.set.region, { ends_at: new Date("2020-01-01") });
      return refused(await stage.get(`/store/gift-cards/${code}`), 404, notFound);
    },
  },
};
