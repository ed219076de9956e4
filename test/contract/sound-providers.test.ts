import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkProviders,
  type ProviderReport,
} from "../../src/providers/contract/check-providers.ts";
import { manualFulfillment } from "../../src/providers/fulfillment/manual-fulfillment.ts";
import { manualPayment } from "../../src/providers/payment/manual-payment.ts";
import { ratesProvider } from "../../src/providers/tax/rates-provider.ts";
import {
  type FakePaymentProvider,
  startFakePaymentProvider,
} from "../support/fake-payment-provider.ts";
import { remoteCarrier } from "../support/remote-carrier.ts";
import { remotePaymentProvider } from "../support/remote-payment-provider.ts";
import { supportOf } from "./sound-payment-provider.ts";

const resultsOf = (reports: readonly ProviderReport[], outcome: string) =>
  reports.flatMap(({ checks }) => checks.filter((one) => one.outcome === outcome));

describe("the contract is kept", () => {
  let service: FakePaymentProvider;
  beforeAll(async () => {
    service = await startFakePaymentProvider();
  });
  afterAll(() => service.close());

  it("by the built-in providers", async () => {
    const reports = await checkProviders(
      { payment: [manualPayment], fulfillment: [manualFulfillment], tax: [ratesProvider] },
      { seconds: 5 },
    );
    expect(reports.map(({ kind }) => kind)).toEqual(["tax", "fulfillment", "payment"]);
    expect(resultsOf(reports, "failed")).toEqual([]);
  });

  it("by a provider that asks a service, in every check", async () => {
    const reports = await checkProviders(
      { payment: [remotePaymentProvider(service.url)] },
      {
        seconds: 5,
        support: { payment: supportOf(service.ledger) },
        elsewhere: { payment: [remotePaymentProvider(service.url)] },
      },
    );
    expect(resultsOf(reports, "failed")).toEqual([]);
    expect(resultsOf(reports, "not_applicable")).toMatchObject([{ reason: "It is not pure." }]);
  });

  it("and leaves no money behind", () => {
    const { held, netCaptured } = service.ledger.totals();
    expect({ held, netCaptured }).toEqual({ held: 0, netCaptured: 0 });
  });

  it("by a carrier that calculates prices", async () => {
    const reports = await checkProviders({ fulfillment: [remoteCarrier()] }, { seconds: 5 });
    expect(resultsOf(reports, "failed")).toEqual([]);
  });
});
