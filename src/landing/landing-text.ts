import { demoLines, firstLines } from "./curl-lines.ts";
import type { DemoFacts, ServerFacts } from "./landing-facts.ts";
import { statusRows } from "./page-parts.ts";

/** Returns the short answer at `/` for clients that are no browsers. */
export function landingText(server: ServerFacts, demo: DemoFacts | undefined): string {
  const { address } = server;
  const [first] = demo ? demoLines(address, demo) : firstLines(address);
  return [
    `Nettle ${server.version}: the Medusa v1 Store API`,
    ...(demo ? [`It runs the demo shop ${demo.shop}.`] : []),
    "",
    ...statusRows(server).map(([name, value]) => `${`${name}:`.padEnd(21)}${value}`),
    "",
    `${"Reference:".padEnd(21)}${address}/docs`,
    `${"Postman:".padEnd(21)}${address}/postman.json`,
    ...(demo
      ? [`${"Customer:".padEnd(21)}${demo.customer.email} / ${demo.customer.password}`]
      : []),
    ...(first ? [`${"Try:".padEnd(21)}${first.lines}`] : []),
    "",
  ].join("\n");
}
