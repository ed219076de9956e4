import { expect } from "vitest";
import { aCollection, setParts } from "../payment-collections/a-collection.ts";
import { holding, invalid, notAllowed, notFound, refused, type Stage, type Stories } from "./stage.ts";

const parts = async (stage: Stage, amounts: readonly number[] = [1190]) => {
  const { path } = await aCollection(stage.knex, "remote");
  return { path, ids: await setParts(stage, path, amounts) };
};

export const paymentCollectionStories: Stories = {
  "GET /store/payment-collections/{id}": {
    works: async (stage) => {
      const { path, collectionId } = await aCollection(stage.knex);
      return holding(await stage.get(path), { payment_collection: { id: collectionId, amount: 1190, status: "not_paid" } });
    },
    refuses: async (stage) => refused(await stage.get("/store/payment-collections/paycol_nope"), 404, notFound),
  },
  "POST /store/payment-collections/{id}/sessions": {
    works: async (stage) => {
      const { path } = await aCollection(stage.knex, "remote");
      const answer = await stage.post(`${path}/sessions`, { provider_id: "remote" });
      return holding(answer, { payment_collection: { payment_sessions: [{ provider_id: "remote", amount: 1190 }] } });
    },
    refuses: async (stage) => {
      const { path } = await aCollection(stage.knex, "remote");
      return refused(await stage.post(`${path}/sessions`, { provider_id: "manual" }), 400, invalid);
    },
  },
  "POST /store/payment-collections/{id}/sessions/batch": {
    works: async (stage) => {
      const { path } = await aCollection(stage.knex, "remote");
      const sessions = [1000, 190].map((amount) => ({ provider_id: "remote", amount }));
      const answer = await stage.post(`${path}/sessions/batch`, { sessions });
      return holding(answer, { payment_collection: { payment_sessions: [{ amount: 1000 }, { amount: 190 }] } });
    },
    refuses: async (stage) => {
      const { path } = await aCollection(stage.knex, "remote");
      const sessions = [{ provider_id: "remote", amount: 1000 }];
      return refused(await stage.post(`${path}/sessions/batch`, { sessions }), 400, invalid);
    },
  },
  "POST /store/payment-collections/{id}/sessions/batch/authorize": {
    works: async (stage) => {
      const { path, ids } = await parts(stage, [1000, 190]);
      const answer = await stage.post(`${path}/sessions/batch/authorize`, { session_ids: ids });
      return holding(answer, { payment_collection: { status: "authorized", authorized_amount: 1190 } });
    },
    refuses: async (stage) => {
      const { path } = await aCollection(stage.knex, "remote");
      return refused(await stage.post(`${path}/sessions/batch/authorize`, { session_ids: ["ps_nope"] }), 400, notAllowed);
    },
  },
  "POST /store/payment-collections/{id}/sessions/{session_id}": {
    works: async (stage) => {
      const { path, ids } = await parts(stage);
      const answer = holding(await stage.post(`${path}/sessions/${ids[0]}`), {
        payment_session: { amount: 1190, status: "pending" },
      });
      expect(answer.body.payment_session.id).not.toBe(ids[0]);
      return answer;
    },
    refuses: async (stage) => {
      const [one, other] = [await parts(stage), await parts(stage)];
      return refused(await stage.post(`${one.path}/sessions/${other.ids[0]}`), 400, notAllowed);
    },
  },
  "POST /store/payment-collections/{id}/sessions/{session_id}/authorize": {
    works: async (stage) => {
      const { path, ids } = await parts(stage);
      const answer = await stage.post(`${path}/sessions/${ids[0]}/authorize`);
      return holding(answer, { payment_session: { id: ids[0], status: "authorized" } });
    },
    refuses: async (stage) => {
      const { path } = await parts(stage);
      const refusal = { type: "payment_authorization_error" };
      return refused(await stage.post(`${path}/sessions/ps_nope/authorize`), 422, refusal);
    },
  },
};
