/** Who asks, when and under which keys: what a use case may know of the request that called it. Nothing of HTTP. */
export interface Call {
  /** The one clock of the request; rules and money get the time from here. */
  readonly now: Date;
  readonly requestId: string;
  /** The customer who is logged in, by session or token. */
  readonly customerId: string | undefined;
  /** `x-publishable-api-key` as it was sent. */
  readonly publishableKey: string | undefined;
  readonly session: CallSession;
}

/** The browser session of a call: starts at login, ends at logout; there is none for anonymous visitors. */
export interface CallSession {
  /** Begins a session for a customer under a fresh session id. */
  logIn(customerId: string): Promise<void>;
  /** Forgets the customer; a session that then holds nothing else is destroyed. */
  logOut(): Promise<void>;
}
