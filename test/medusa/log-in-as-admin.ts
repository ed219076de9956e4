import supertest from "supertest";
import { type ApiClient, createApiClient } from "../support/api-client.ts";
import { admin } from "./medusa-program.ts";

/**
 * Returns a client of Medusa's Admin API, logged in by a token.
 * @throws Error Medusa refuses the login
 */
export async function logInAsAdmin(url: string, account = admin): Promise<ApiClient> {
  const { status, body, text } = await supertest(url).post("/admin/auth/token").send(account);
  if (status !== 200) throw new Error(`Medusa refuses its admin's login: ${status} ${text}`);
  return createApiClient(
    () => supertest.agent(url).set("authorization", `Bearer ${body.access_token}`) as never,
  );
}
