import type { Knex } from "knex";
import type { Finding } from "./finding.ts";

/** Reads one subject of a database. */
export interface Check {
  readonly subject: string;
  readonly run: (connection: Knex) => Promise<Finding[]>;
}

/**
 * Runs checks one after another, each in a transaction that can only read. A check that fails is a
 * finding itself.
 */
export async function runChecks(knex: Knex, checks: readonly Check[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { subject, run } of checks) {
    try {
      findings.push(...(await knex.transaction((trx) => run(trx), { readOnly: true })));
    } catch (error) {
      findings.push({
        level: "problem",
        subject,
        message: `it could not be read: ${(error as Error).message}`,
        action: "grant the database user SELECT on all tables of the shop, and look again",
      });
    }
  }
  return findings;
}
