import {
  aGiftCard,
  aProductCategory,
  aProductCollection,
  aProductTag,
  aProductType,
  aReturnReason,
} from "../support/builders.ts";
import { expectBody, expectRefusal, invalid, notFound, type Stories } from "./operation-fixture.ts";

export const catalogueStories: Stories = {
  "GET /store/products": {
    works: async (fixture) =>
      expectBody(
        await fixture.get(`/store/products?region_id=${fixture.ids.region}&title=Merino%20tee`),
        {
          products: [{ id: fixture.ids.product, variants: [{ calculated_price: 1000 }] }],
          count: 1,
        },
      ),
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/products?limit=-1&nope=1"), 400, invalid),
  },
  "GET /store/products/{id}": {
    works: async (fixture) =>
      expectBody(await fixture.get(`/store/products/${fixture.ids.product}`), {
        product: { title: "Merino tee" },
      }),
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/products/prod_nope"), 404, notFound),
  },
  "POST /store/products/search": {
    works: async (fixture) =>
      expectBody(await fixture.post("/store/products/search", { q: "merino" }), {
        hits: [{ id: fixture.ids.product }],
        query: "merino",
      }),
    refuses: async (fixture) =>
      expectRefusal(await fixture.post("/store/products/search", { q: 1 }), 400, invalid),
  },
  "GET /store/variants": {
    works: async (fixture) =>
      expectBody(await fixture.get(`/store/variants?ids=${fixture.ids.variant}`), {
        variants: [{ id: fixture.ids.variant }],
      }),
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/variants?order=title"), 400, invalid),
  },
  "GET /store/variants/{id}": {
    works: async (fixture) =>
      expectBody(await fixture.get(`/store/variants/${fixture.ids.variant}`), {
        variant: { product_id: fixture.ids.product },
      }),
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/variants/variant_nope"), 404, notFound),
  },
  "GET /store/collections": {
    works: async (fixture) => {
      const { id, handle } = await aProductCollection(fixture.knex);
      return expectBody(await fixture.get(`/store/collections?handle[]=${handle}`), {
        collections: [{ id }],
        count: 1,
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/collections?limit=x"), 400, invalid),
  },
  "GET /store/collections/{id}": {
    works: async (fixture) => {
      const { id, title } = await aProductCollection(fixture.knex);
      return expectBody(await fixture.get(`/store/collections/${id}`), { collection: { title } });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/collections/pcol_nope"), 404, notFound),
  },
  "GET /store/product-categories": {
    works: async (fixture) => {
      const { id, handle } = await aProductCategory(fixture.knex);
      return expectBody(await fixture.get(`/store/product-categories?handle=${handle}`), {
        product_categories: [{ id }],
        count: 1,
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/product-categories?is_active=true"), 400, invalid),
  },
  "GET /store/product-categories/{id}": {
    works: async (fixture) => {
      const { id, name } = await aProductCategory(fixture.knex);
      return expectBody(await fixture.get(`/store/product-categories/${id}`), {
        product_category: { name },
      });
    },
    refuses: async (fixture) => {
      const { id } = await aProductCategory(fixture.knex, { is_internal: true });
      return expectRefusal(await fixture.get(`/store/product-categories/${id}`), 404, notFound);
    },
  },
  "GET /store/product-tags": {
    works: async (fixture) => {
      const { id, value } = await aProductTag(fixture.knex);
      return expectBody(await fixture.get(`/store/product-tags?value[]=${value}`), {
        product_tags: [{ id }],
        count: 1,
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/product-tags?order=nope"), 400, invalid),
  },
  "GET /store/product-types": {
    works: async (fixture) => {
      const { id, value } = await aProductType(fixture.knex);
      return expectBody(await fixture.get(`/store/product-types?value[]=${value}`), {
        product_types: [{ id }],
        count: 1,
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/product-types?offset=-1"), 400, invalid),
  },
  "GET /store/regions": {
    works: async (fixture) =>
      expectBody(await fixture.get("/store/regions"), {
        regions: [{ id: fixture.ids.region, countries: [{ iso_2: "de" }] }],
        count: 1,
      }),
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/regions?limit=1.5"), 400, invalid),
  },
  "GET /store/regions/{id}": {
    works: async (fixture) =>
      expectBody(await fixture.get(`/store/regions/${fixture.ids.region}`), {
        region: { currency_code: "eur", tax_rate: 19 },
      }),
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/regions/reg_nope"), 404, notFound),
  },
  "GET /store/shipping-options": {
    works: async (fixture) =>
      expectBody(await fixture.get(`/store/shipping-options?region_id=${fixture.ids.region}`), {
        shipping_options: [{ id: fixture.ids.option, amount: 500, price_incl_tax: 595 }],
      }),
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/shipping-options?is_return=perhaps"), 400, invalid),
  },
  "GET /store/shipping-options/{cart_id}": {
    works: async (fixture) => {
      const cart = await fixture.cart();
      return expectBody(await fixture.get(`/store/shipping-options/${cart.id}`), {
        shipping_options: [{ id: fixture.ids.option }],
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/shipping-options/cart_nope"), 404, notFound),
  },
  "GET /store/return-reasons": {
    works: async (fixture) => {
      const { id, label } = await aReturnReason(fixture.knex);
      const answer = await fixture.get("/store/return-reasons");
      const found = answer.body.return_reasons.filter((reason: { id: string }) => reason.id === id);
      expectBody({ ...answer, body: found }, [{ label }]);
      return answer;
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.sendMalformedJson("get", "/store/return-reasons"), 400, invalid),
  },
  "GET /store/return-reasons/{id}": {
    works: async (fixture) => {
      const { id, value } = await aReturnReason(fixture.knex);
      return expectBody(await fixture.get(`/store/return-reasons/${id}`), {
        return_reason: { value },
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/return-reasons/rr_nope"), 404, notFound),
  },
  "GET /store/gift-cards/{code}": {
    works: async (fixture) => {
      const { id, code } = await aGiftCard(fixture.knex);
      return expectBody(await fixture.get(`/store/gift-cards/${code}`), {
        gift_card: { id, balance: 5000 },
      });
    },
    refuses: async (fixture) => {
      const { code } = await aGiftCard(fixture.knex, {
        ends_at: new Date("2020-01-01"),
      });
      return expectRefusal(await fixture.get(`/store/gift-cards/${code}`), 404, notFound);
    },
  },
};
