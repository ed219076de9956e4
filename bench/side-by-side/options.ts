import { parseArgs } from "node:util";

/** What `npm run bench -- …` was asked for. */
export interface Options {
  readonly isQuick: boolean;
  /** Writes the figures into the documents. */
  readonly isWritten: boolean;
  /** How many products are added to the demo shop. */
  readonly products: number;
  /** How long a single mixed run takes; 0 for none. */
  readonly minutes: number;
  /** The workload whose time is divided among functions. */
  readonly profile: string | undefined;
  /** Only measurements whose name has this text; "" for all. */
  readonly only: string;
  readonly rounds: number;
  /** Of each round. */
  readonly seconds: number;
}

const environment = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);

/** @throws Error an option is unknown, or not a number */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      products: { type: "string", default: "0" },
      minutes: { type: "string", default: "0" },
      profile: { type: "string" },
      only: { type: "string", default: "" },
    },
  });
  const number = (name: "products" | "minutes") => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0)
      throw new Error(`--${name} must be a whole number, as in --${name}=10`);
    return value;
  };
  return {
    isQuick: values.quick,
    isWritten: values.write,
    products: number("products"),
    minutes: number("minutes"),
    profile: values.profile,
    only: values.only,
    rounds: environment("BENCH_ROUNDS", values.quick ? 3 : 5),
    seconds: environment("BENCH_SECONDS", values.quick ? 0.6 : 1.5),
  };
}
