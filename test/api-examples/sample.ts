/** What is sent to an operation; the rest is taken from the sample that it is a variation of. */
export interface SampleRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request that must be refused. */
export interface SampleRefusal extends SampleRequest {
  /** What is wrong with it, for the reader of the API document. */
  readonly title: string;
  readonly status: number;
  /** Sent without the login of the sample. */
  readonly loggedOut?: true;
}

/** A request that works as it is in a new demo shop, and what its operation refuses. */
export interface Sample extends SampleRequest {
  readonly operation: string;
  /** Sent with the demo customer's token. */
  readonly login?: true;
  readonly refusals: readonly SampleRefusal[];
}

/** Ids of the demo shop that the server chose. */
export interface DemoFacts {
  readonly regionId: string;
  readonly productId: string;
  readonly variantId: string;
  readonly categoryId: string;
  readonly collectionId: string;
  readonly returnReasonId: string;
  readonly customerId: string;
  readonly addressIds: readonly string[];
  readonly shippingOptionId: string;
  readonly returnOptionId: string;
  readonly displayId: number;
}

/** An id that no row of the demo shop has. */
export const noId = (prefix: string): string => `${prefix}_01HK153X000000000000000000`;

/** A refusal of a path's id that does not exist. */
export const missing = (
  title: string,
  params: Readonly<Record<string, string>>,
): SampleRefusal => ({
  title,
  status: 404,
  params,
});

/** A refusal of a query parameter that the operation does not have. */
export const unknownParameter: SampleRefusal = {
  title: "A parameter that does not exist",
  status: 400,
  query: { colour: "green" },
};

/** A refusal of a property that the body may not have. */
export const unknownProperty = (body: object): SampleRefusal => ({
  title: "A property that does not exist",
  status: 400,
  body: { ...body, colour: "green" },
});

/** A refusal of a request without a login. */
export const loggedOut: SampleRefusal = {
  title: "Without a login",
  status: 401,
  loggedOut: true,
};
