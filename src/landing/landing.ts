import type { Knex } from "knex";
import type { SeededDemo } from "../demo/seed-demo.ts";
import { version } from "../runtime/version.ts";
import { demoPage } from "./demo-page.ts";
import type { DemoFacts, ServerFacts } from "./landing-facts.ts";
import { countRows } from "./landing-queries.ts";
import { landingText } from "./landing-text.ts";
import { readDemoFacts } from "./read-demo-facts.ts";
import { shopPage } from "./shop-page.ts";

/** How long what was read for the page is shown again, in milliseconds. */
const FRESH_MS = 2_000;

/** What the page needs of the server. */
export interface LandingDeps {
  readonly knex: Knex;
  /** Undefined for a shop that is not the demo. */
  readonly demo: SeededDemo | undefined;
  /** Returns what is shown of the server beside the database. */
  readonly server: () => Promise<
    Pick<ServerFacts, "redis" | "providers" | "memory" | "mail" | "origins">
  >;
}

/** The page in both forms, for a client that reached the server at an address. */
export interface LandingPage {
  readonly html: string;
  readonly text: string;
  /** Whether the database has answered. */
  readonly isUp: boolean;
}

type Read = Omit<ServerFacts, "address"> & { readonly demo: DemoFacts | undefined };

/** The page at `/`. What it shows is read at most every two seconds, however often it is asked. */
export class Landing {
  #read: Promise<Read> | undefined;
  #readAt = 0;

  constructor(private readonly deps: LandingDeps) {}

  /** Returns the page with the address at which it was opened. */
  async open(address: string): Promise<LandingPage> {
    const now = performance.now();
    if (!this.#read || now - this.#readAt > FRESH_MS) {
      this.#read = this.#readFacts();
      this.#readAt = now;
    }
    const { demo, ...rest } = await this.#read;
    const server = { ...rest, address };
    return {
      html: demo ? demoPage(server, demo) : shopPage(server),
      text: landingText(server, demo),
      isUp: server.databaseVersion !== undefined,
    };
  }

  async #readFacts(): Promise<Read> {
    const { knex, demo } = this.deps;
    const server = await this.deps.server();
    const found = await Promise.all([countRows(knex), demo && readDemoFacts(knex, demo)]).catch(
      () => undefined,
    );
    const [rows, facts] = found ?? [];
    return {
      version,
      isEmbedded: demo !== undefined,
      ...server,
      databaseVersion: rows?.version,
      products: rows?.products ?? 0,
      regions: rows?.regions ?? 0,
      demo: facts,
    };
  }
}
