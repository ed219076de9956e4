import type { CommandTools } from "../../commands/command-tools.ts";
import type { CallProvider } from "../../commands/provider-calls.ts";
import { NotAllowedError } from "../../core/errors.ts";
import type {
  FulfillmentCart,
  FulfillmentChoice,
} from "../../providers/fulfillment/fulfillment-provider.ts";
import type { ProviderAddress } from "../../providers/parties.ts";
import type { Providers } from "../../providers/providers.ts";
import { toProviderAddress } from "../../providers/to-provider-address.ts";
import type { Cart, Line, VariantOfLine } from "./cart-tree.ts";

interface Option {
  readonly id: string;
  readonly provider_id: string;
  readonly price_type: string;
  readonly amount: number | null;
  readonly data: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** What is to be brought: a cart, or what comes back from an order. */
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

/** What a change of a cart may use beside its transaction. */
export interface CartTools extends CommandTools {
  readonly gateway: FulfillmentGateway;
}

/**
 * What carts and returns ask of fulfillment providers. With `ask` it is inside a transaction, where
 * nobody may be waited for.
 */
export class FulfillmentGateway {
  constructor(
    private readonly providers: Providers,
    private readonly callProvider?: CallProvider,
  ) {}

  /**
   * What an option costs for a cart, in the smallest unit.
   * @throws NotAllowed it has no price, or the provider refuses · NotFound this server does not
   * have the provider · ProviderFailure
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
   * What is kept of what a shopper sent with a choice.
   * @throws NotAllowed the provider refuses · NotFound this server does not have the provider ·
   * ProviderFailure
   */
  async validateData(option: Option, data: Json, cart: Parcel): Promise<Json> {
    const provider = this.providers.fulfillment.get(option.provider_id);
    const choice = choiceOf(option, data, cart);
    return this.callProvider
      ? this.callProvider(provider, "validateFulfillmentData", choice)
      : provider.validateFulfillmentData(choice);
  }

  /**
   * What is kept of a parcel that is going to come back; nothing where the provider need not know
   * of it.
   * @throws NotAllowed the provider refuses · NotFound this server does not have the provider ·
   * ProviderFailure
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
   * A cart whose calculated options have their present price as their amount, for methods that were
   * free to cost again.
   */
  async priceShippingMethods(cart: Cart): Promise<Cart> {
    const shipping_methods = [];
    for (const method of cart.shipping_methods) {
      const option = method.shipping_option;
      if (option?.price_type !== "calculated") shipping_methods.push(method);
      else {
        const amount = await this.calculatePrice(option, method.data as Json, cart);
        shipping_methods.push({ ...method, shipping_option: { ...option, amount } });
      }
    }
    return { ...cart, shipping_methods };
  }
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
