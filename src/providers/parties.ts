/** An address as providers receive it. */
export interface ProviderAddress {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly address_1: string | null;
  readonly address_2: string | null;
  readonly postal_code: string | null;
  readonly city: string | null;
  readonly province: string | null;
  /** ISO 2, lower case. */
  readonly country_code: string | null;
  readonly phone: string | null;
}

/** A customer as providers receive it. */
export interface ProviderCustomer {
  readonly id: string;
  readonly email: string;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}
