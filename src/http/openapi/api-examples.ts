import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../runtime/project-root.ts";

interface ExampleAnswer {
  readonly status: number;
  /** JSON, or a text; null for none. */
  readonly body: unknown;
}

/** A request that works in a new demo shop, its answer, and what its operation refused. */
export interface OperationExamples {
  readonly request: {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
  readonly answer?: ExampleAnswer;
  readonly refusals: readonly (ExampleAnswer & { readonly title: string })[];
}

/** By operation: `POST /store/carts/{id}`. */
export type ApiExamples = Readonly<Record<string, OperationExamples>>;

/** Where the examples are; `npm run examples` records them from a demo shop. */
export const examplesFile = (): string => join(projectRoot(), "src/http/openapi/examples.json");

/** Reads the examples of the API document. They are not kept: few processes are asked for them. */
export const readApiExamples = (): ApiExamples => JSON.parse(readFileSync(examplesFile(), "utf8"));
