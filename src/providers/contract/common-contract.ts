import type { Provider } from "../provider-kind.ts";
import { type ContractCheck, mustHold, NotApplicableError } from "./contract-check.ts";
import type { Recording } from "./recorded-provider.ts";

/** What the last checks look at: how the provider answered all the others. */
interface Observed {
  readonly provider: Provider;
  readonly recording: Recording;
  readonly seconds: number;
}

/** What providers of each kind must do. These checks come after all others. */
export const commonContract: readonly ContractCheck<Observed>[] = [
  {
    check: "Each method answers in time.",
    remedy: "Pass `signal` to fetch, and give up before PROVIDER_SECONDS are over.",
    run: ({ recording: { late }, seconds }) =>
      mustHold(
        late.size === 0,
        `There was no answer within ${seconds} seconds: ${[...late].join(", ")}`,
      ),
  },
  {
    check: "What it throws is an Error.",
    remedy: "Throw new Error(…), so that the log shows a message and where it was thrown.",
    run: ({ recording: { thrown } }) => mustHold(thrown.length === 0, thrown[0] ?? ""),
  },
  {
    check: "Its answers are plain data, which JSON does not change.",
    remedy: "Answer texts, finite numbers, booleans, null, arrays and plain objects of these.",
    run: ({ recording: { unstorable } }) => mustHold(unstorable.length === 0, unstorable[0] ?? ""),
  },
  {
    check: "A provider with `pure: true` answers at once.",
    remedy: "Leave out `pure`: it is called while rows are locked.",
    run: ({ provider, recording: { asynchronous } }) => {
      if (!provider.pure) throw new NotApplicableError("It is not pure.");
      mustHold(
        asynchronous.size === 0,
        `These methods return a promise: ${[...asynchronous].join(", ")}`,
      );
    },
  },
];
