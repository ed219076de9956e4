import assert from "node:assert/strict";
import { dumpSchema, schemaDifferences } from "./schema-dump.ts";
import { run, type Takeover } from "./takeover.ts";

interface Finding {
  readonly level: string;
  readonly subject: string;
  readonly message: string;
}

/** Expects the doctor to find no problem and what the kind of shop has, and to change nothing. */
export async function examine(takeover: Takeover): Promise<string> {
  const { kind, place, found } = takeover;
  const out = await run(takeover, `doctor --takeover ${place.databaseUrl} --json`);
  const { findings } = JSON.parse(out) as { readonly findings: readonly Finding[] };
  const lines = findings.map(({ subject, message }) => `${subject}: ${message}`);
  for (const expected of kind.findings)
    assert.ok(
      lines.some((line) => expected.test(line)),
      `Nothing is like ${expected} among what it finds:\n${lines.join("\n")}`,
    );
  const differences = schemaDifferences(found.schema, await dumpSchema(place.databaseUrl));
  assert.deepEqual(differences, [], "The doctor has changed the schema");
  const warnings = findings.filter(({ level }) => level === "warning").length;
  return `${findings.length} findings, ${warnings} warnings, no problem`;
}
