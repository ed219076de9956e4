import { expect } from "vitest";
import {
  aPaymentCollection,
  setPaymentSessions,
} from "../payment-collections/a-payment-collection.ts";
import {
  expectBody,
  expectRefusal,
  invalid,
  notAllowed,
  notFound,
  type OperationFixture,
  type Stories,
} from "./operation-fixture.ts";

const aCollectionWithSessions = async (
  fixture: OperationFixture,
  amounts: readonly number[] = [1190],
) => {
  const { path } = await aPaymentCollection(fixture.knex);
  return { path, ids: await setPaymentSessions(fixture, path, amounts) };
};

export const paymentCollectionStories: Stories = {
  "GET /store/payment-collections/{id}": {
    works: async (fixture) => {
      const { path, collectionId } = await aPaymentCollection(fixture.knex);
      return expectBody(await fixture.get(path), {
        payment_collection: { id: collectionId, amount: 1190, status: "not_paid" },
      });
    },
    refuses: async (fixture) =>
      expectRefusal(await fixture.get("/store/payment-collections/paycol_nope"), 404, notFound),
  },
  "POST /store/payment-collections/{id}/sessions": {
    works: async (fixture) => {
      const { path } = await aPaymentCollection(fixture.knex);
      const answer = await fixture.post(`${path}/sessions`, { provider_id: "remote" });
      return expectBody(answer, {
        payment_collection: { payment_sessions: [{ provider_id: "remote", amount: 1190 }] },
      });
    },
    refuses: async (fixture) => {
      const { path } = await aPaymentCollection(fixture.knex);
      return expectRefusal(
        await fixture.post(`${path}/sessions`, { provider_id: "manual" }),
        400,
        invalid,
      );
    },
  },
  "POST /store/payment-collections/{id}/sessions/batch": {
    works: async (fixture) => {
      const { path } = await aPaymentCollection(fixture.knex);
      const sessions = [1000, 190].map((amount) => ({ provider_id: "remote", amount }));
      const answer = await fixture.post(`${path}/sessions/batch`, { sessions });
      return expectBody(answer, {
        payment_collection: { payment_sessions: [{ amount: 1000 }, { amount: 190 }] },
      });
    },
    refuses: async (fixture) => {
      const { path } = await aPaymentCollection(fixture.knex);
      const sessions = [{ provider_id: "remote", amount: 1000 }];
      return expectRefusal(
        await fixture.post(`${path}/sessions/batch`, { sessions }),
        400,
        invalid,
      );
    },
  },
  "POST /store/payment-collections/{id}/sessions/batch/authorize": {
    works: async (fixture) => {
      const { path, ids } = await aCollectionWithSessions(fixture, [1000, 190]);
      const answer = await fixture.post(`${path}/sessions/batch/authorize`, { session_ids: ids });
      return expectBody(answer, {
        payment_collection: { status: "authorized", authorized_amount: 1190 },
      });
    },
    refuses: async (fixture) => {
      const { path } = await aPaymentCollection(fixture.knex);
      return expectRefusal(
        await fixture.post(`${path}/sessions/batch/authorize`, { session_ids: ["ps_nope"] }),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/payment-collections/{id}/sessions/{session_id}": {
    works: async (fixture) => {
      const { path, ids } = await aCollectionWithSessions(fixture);
      const answer = expectBody(await fixture.post(`${path}/sessions/${ids[0]}`), {
        payment_session: { amount: 1190, status: "pending" },
      });
      expect(answer.body.payment_session.id).not.toBe(ids[0]);
      return answer;
    },
    refuses: async (fixture) => {
      const [one, other] = [
        await aCollectionWithSessions(fixture),
        await aCollectionWithSessions(fixture),
      ];
      return expectRefusal(
        await fixture.post(`${one.path}/sessions/${other.ids[0]}`),
        400,
        notAllowed,
      );
    },
  },
  "POST /store/payment-collections/{id}/sessions/{session_id}/authorize": {
    works: async (fixture) => {
      const { path, ids } = await aCollectionWithSessions(fixture);
      const answer = await fixture.post(`${path}/sessions/${ids[0]}/authorize`);
      return expectBody(answer, { payment_session: { id: ids[0], status: "authorized" } });
    },
    refuses: async (fixture) => {
      const { path } = await aCollectionWithSessions(fixture);
      const refusal = { type: "payment_authorization_error" };
      return expectRefusal(await fixture.post(`${path}/sessions/ps_nope/authorize`), 422, refusal);
    },
  },
};
