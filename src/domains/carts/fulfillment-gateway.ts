import type { CommandTools } from "../../commands/command-tools.ts";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { NotAllowedError } from "../../core/errors.ts";
import type {
  FulfillmentCart,
  FulfillmentChoice,
} from "../../providers/fulfillment/fulfillment-provider.ts";
import type { ProviderAddress } from "../../providers/parties.ts";
import type { Provider, WrappedProvider } from "../../providers/provider-kind.ts";
import type { Providers } from "../../providers/providers.ts";
import { toProviderAddress } from "../../providers/to-provider-address.ts";
import type { Log } from "../../runtime/log.ts";
import type { CartOption } from "../shipping-options/cart-option-queries.ts";
import type { Cart, Line, VariantOfLine } from "./cart-tree.ts";
import type { PricedVariants } from "./load-pricing.ts";
import { withoutShipping } from "./lost-shipping.ts";
import type { SalesRules } from "./sales-rules.ts";

interface Option {
  readonly id: string;
  readonly provider_id: string;
  readonly price_type: string;
  readonly amount: number | null;
  readonly data: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** What is shipped: the lines of a cart, or the returned lines of an order. */
export interface Parcel extends Pick<Cart, "id" | "region_id" | "email"> {
  readonly shipping_address: Partial<ProviderAddress> | null;
  readonly region: Pick<Cart["region"], "currency_code">;
  readonly items: readonly PackedLine[];
}

type Size = Pick<VariantOfLine, "weight" | "length" | "height" | "width">;

interface PackedLine
  extends Pick<Line, "id" | "variant_id" | "quantity" | "unit_price" | "is_return"> {
  readonly variant: (Size & { readonly product_id: string; readonly product: Size | null }) | null;
}

/** What a change of a cart may use in addition to its transaction. */
export interface CartTools extends CommandTools {
  readonly gateway: FulfillmentGateway;
  readonly sales: SalesRules;
  /** The variants of the cart's lines, and those that the change names. */
  readonly variants: PricedVariants;
  /** The shipping option that the change names, if it exists. */
  readonly option: CartOption | undefined;
}

/**
 * Calls fulfillment providers for carts and returns. Inside a transaction, pass `callProvider`, so
 * that no provider is waited for while rows are locked. `log` learns why a carrier has no price.
 */
export class FulfillmentGateway {
  constructor(
    private readonly providers: Providers,
    private readonly callProvider?: CallProvider,
    private readonly log?: Log,
  ) {}

  /**
   * Returns the price of a shipping option for a cart, in the smallest unit of the currency.
   * @throws NotAllowedError if the option has no price, or the provider refuses
   * @throws NotFoundError if this server does not have the provider
   * @throws ProviderError
   */
  async calculatePrice(option: Option, data: Json, cart: Parcel): Promise<number> {
    if (option.price_type === "calculated") {
      const provider = this.providers.fulfillment.get(option.provider_id);
      const choice = choiceOf(option, data, cart);
      return this.callProvider
        ? this.callProvider(provider, "calculatePrice", choice)
        : provider.calculatePrice(choice);
    }
    if (option.amount === null) throw new NotAllowedError("The shipping option has no price");
    return option.amount;
  }

  /**
   * Returns the data to store with a shipping method, from what the shopper sent.
   * @throws NotAllowedError if the provider refuses
   * @throws NotFoundError if this server does not have the provider
   * @throws ProviderError
   */
  async validateData(option: Option, data: Json, cart: Parcel): Promise<Json> {
    const provider = this.providers.fulfillment.get(option.provider_id);
    const choice = choiceOf(option, data, cart);
    return this.callProvider
      ? this.callProvider(provider, "validateFulfillmentData", choice)
      : provider.validateFulfillmentData(choice);
  }

  /**
   * Announces a return to the provider. Returns the data to store with it, which is empty if the
   * provider does not handle returns.
   * @throws NotAllowedError if the provider refuses
   * @throws NotFoundError if this server does not have the provider
   * @throws ProviderError
   */
  async createReturn(option: Option, data: Json, parcel: Parcel, return_id: string): Promise<Json> {
    const provider = this.providers.fulfillment.get(option.provider_id);
    if (!provider.createReturn) return {};
    const question = { ...choiceOf(option, data, parcel), return_id };
    return this.callProvider
      ? this.callProvider(provider, "createReturn", question)
      : provider.createReturn(question);
  }

  /**
   * Returns the price of a shipping option for a cart like `calculatePrice`, or undefined if there
   * is none: its carrier refuses the cart, is not on this server, or fails within `seconds` of the
   * carrier's time. What is not a refusal is logged.
   */
  async findPrice(
    option: Option,
    data: Json,
    cart: Parcel,
    seconds?: number,
  ): Promise<number | undefined> {
    if (!this.hasProvider(option)) return;
    if (option.price_type !== "calculated") return option.amount ?? undefined;
    const provider = this.#pricing(option, seconds);
    const choice = choiceOf(option, data, cart);
    const price = this.callProvider
      ? await this.callProvider(provider, "findPrice", choice)
      : await provider.findPrice(choice);
    return price ?? undefined;
  }

  /** Returns whether this server has an option's carrier. Logs if it does not. */
  hasProvider({ id, provider_id }: Option): boolean {
    const { fulfillment } = this.providers;
    if (fulfillment.has(provider_id)) return true;
    this.log?.warn(
      { event: "carrier_missing", option_id: id, provider_id },
      "A shipping option is left out: this server does not have its provider",
    );
    return false;
  }

  /** Returns the carrier of an option as one whose price may be missing. */
  #pricing(option: Option, seconds: number | undefined): WrappedProvider<Pricing> {
    const carrier = this.providers.fulfillment.get(option.provider_id);
    const { id, pure, kind, reservedCustomerKeys } = carrier;
    const findPrice = async (choice: FulfillmentChoice) => {
      try {
        return await carrier.calculatePrice(choice, seconds);
      } catch (error) {
        if (error instanceof NotAllowedError) return null;
        this.log?.warn(
          { event: "carrier_failed", option_id: option.id, provider_id: id, err: error },
          "A shipping option is left out: its provider returned no price",
        );
        return null;
      }
    };
    return { id, pure, kind, reservedCustomerKeys, findPrice };
  }

  /**
   * Returns the cart with the present price of each calculated option as that option's amount. The
   * recalculation needs it when methods are no longer free. Without a price there is none to
   * charge, so the cart loses its methods, and the shopper chooses again. A price that the shop set
   * stays.
   */
  async priceShippingMethods(cart: Cart): Promise<Cart> {
    const shipping_methods = [];
    for (const method of cart.shipping_methods) {
      const option = method.shipping_option;
      if (option?.price_type !== "calculated" || isPricedByShop(cart, option.id))
        shipping_methods.push(method);
      else {
        const amount = await this.findPrice(option, method.data as Json, cart);
        if (amount === undefined) return withoutShipping(cart);
        shipping_methods.push({ ...method, shipping_option: { ...option, amount } });
      }
    }
    return { ...cart, shipping_methods };
  }
}

/** A carrier that returns null where it has no price. */
interface Pricing extends Provider {
  findPrice(choice: FulfillmentChoice): Promise<number | null>;
}

function isPricedByShop(cart: Cart, optionId: string): boolean {
  return (
    cart.type === "draft_order" ||
    cart.custom_shipping_options.some(({ shipping_option_id }) => shipping_option_id === optionId)
  );
}

function choiceOf(option: Option, data: Json, cart: Parcel): FulfillmentChoice {
  return {
    option: { id: option.id, data: (option.data ?? {}) as Json },
    data,
    cart: fulfillmentCart(cart),
  };
}

function fulfillmentCart(cart: Parcel): FulfillmentCart {
  return {
    id: cart.id,
    region_id: cart.region_id,
    currency_code: cart.region.currency_code,
    email: cart.email,
    shipping_address: toProviderAddress(cart.shipping_address),
    items: cart.items.filter((line) => !line.is_return).map(itemOf),
  };
}

function itemOf(line: PackedLine): FulfillmentCart["items"][number] {
  const { variant } = line;
  const size = (name: keyof Size) => variant?.[name] ?? variant?.product?.[name] ?? null;
  return {
    item_id: line.id,
    variant_id: line.variant_id,
    product_id: variant?.product_id ?? null,
    quantity: line.quantity,
    unit_price: line.unit_price,
    weight: size("weight"),
    length: size("length"),
    height: size("height"),
    width: size("width"),
  };
}
