import pLimit from "p-limit";
import { bodyDifferences, type Difference } from "./body-differences.ts";
import { deliberateDifference } from "./deliberate-differences.ts";
import { type Answer, readAnswer } from "./read-answer.ts";

/** A kind of difference, and one place where it shows. */
export interface Finding extends Difference {
  /** The path in the body without the numbers of rows. */
  readonly path: string;
  /** How many requests show it. */
  readonly requests: number;
  /** The first of them. */
  readonly example: string;
  /** The name of the deliberate difference; undefined for one that nobody wanted. */
  readonly name: string | undefined;
  readonly reason: string | undefined;
}

/** What the comparison of two servers has found. */
export interface Comparison {
  readonly requests: number;
  /** How many were answered alike. */
  readonly equal: number;
  readonly findings: readonly Finding[];
}

/** The two servers, and the headers of each request to them. */
export interface Servers {
  readonly medusa: string;
  readonly nettle: string;
  readonly headers: Readonly<Record<string, string>>;
}

const AT_ONCE = 4;
/** A row may change between two reads. A difference counts if it is there each time. */
const READS = 3;

/**
 * Sends each path to both servers and returns every kind of difference. Calls `onDone` for each
 * path with the number of those that are done.
 */
export async function compareServers(
  servers: Servers,
  paths: readonly string[],
  onDone: (done: number) => void,
): Promise<Comparison> {
  const findings = new Map<string, Finding>();
  let [done, equal] = [0, 0];
  const limit = pLimit(AT_ONCE);
  const compareOne = async (path: string) => {
    const found = await lastingDifferences(servers, path);
    if (found.length === 0) equal++;
    const kinds = new Map(found.map((each) => [`${each.path} ${each.name}`, each]));
    for (const [key, each] of kinds) {
      const before = findings.get(key) ?? { ...each, requests: 0, example: path };
      findings.set(key, { ...before, requests: before.requests + 1 });
    }
    onDone(++done);
  };
  await Promise.all(paths.map((path) => limit(compareOne, path)));
  const sorted = [...findings.values()].toSorted((one, other) => other.requests - one.requests);
  return { requests: paths.length, equal, findings: sorted };
}

type NamedDifference = Omit<Finding, "requests" | "example">;

async function lastingDifferences(servers: Servers, path: string): Promise<NamedDifference[]> {
  let found: NamedDifference[] = [];
  for (let times = 0; times < READS; times++) {
    found = await differencesAt(servers, path);
    if (found.every(({ name }) => name)) break;
  }
  return found;
}

async function differencesAt(
  { medusa, nettle, headers }: Servers,
  path: string,
): Promise<NamedDifference[]> {
  const [theirs, ours] = await Promise.all([
    answerOf(medusa, path, headers),
    answerOf(nettle, path, headers),
  ]);
  return answerDifferences(theirs, ours).map((difference) => {
    const deliberate = deliberateDifference(difference, theirs, ours);
    return {
      ...difference,
      path: difference.path.replaceAll(/\[\d+\]/g, "[*]"),
      name: deliberate?.name,
      reason: deliberate?.reason,
    };
  });
}

function answerDifferences(theirs: Answer, ours: Answer): Difference[] {
  if (theirs.status !== ours.status)
    return [{ path: "status", medusa: theirs.status, nettle: ours.status }];
  return bodyDifferences(theirs.body, ours.body);
}

/** A server that does not answer is a difference, not the end of the comparison. */
const answerOf = (server: string, path: string, headers: Servers["headers"]): Promise<Answer> =>
  readAnswer(server, path, headers).catch((error: Error) => ({
    status: 0,
    body: { message: `no answer: ${error.message}` },
  }));
