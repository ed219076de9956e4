import { setTimeout as sleep } from "node:timers/promises";
import { QueryClient } from "@tanstack/react-query";
import {
  CartProvider,
  MedusaProvider,
  useCart,
  useCartShippingOptions,
  useCreateLineItem,
  useMedusa,
  useOrder,
  useProducts,
  useRegions,
} from "medusa-react";
import { createElement } from "react";
import { act, create } from "react-test-renderer";

/** Returns the hooks of medusa-react that a storefront's page uses. */
function usePage(orderId: string) {
  const cart = useCart();
  const id = (cart.cart as { id?: string } | undefined)?.id ?? "";
  return {
    cart,
    client: useMedusa().client,
    addLine: useCreateLineItem(id),
    regions: useRegions(),
    products: useProducts({ limit: 50 }),
    options: useCartShippingOptions(id, { enabled: id !== "" }),
    order: useOrder(orderId, { enabled: orderId !== "" }),
  };
}

type Page = ReturnType<typeof usePage>;

/** A storefront in a browser: medusa-react's providers with the settings of its guide. */
export interface Storefront {
  page(): Page;
  /** Waits until the page shows something and returns it. */
  shown<T>(look: (page: Page) => T | undefined): Promise<T>;
  /** Opens an order's page. */
  showOrder(id: string): void;
  close(): void;
}

/** Opens a storefront of a server. */
export function openStorefront(baseUrl: string): Storefront {
  const seen: { page?: Page } = {};
  const queryClient = new QueryClient();
  const Page = ({ orderId }: { orderId: string }) => {
    seen.page = usePage(orderId);
    return null;
  };
  const tree = (orderId: string) => {
    const settings = { baseUrl, maxRetries: 3, queryClientProviderProps: { client: queryClient } };
    return createElement(MedusaProvider, {
      ...settings,
      children: createElement(CartProvider, { children: createElement(Page, { orderId }) }),
    });
  };
  const rendered = create(tree(""));
  const page = () => seen.page!;
  return {
    page,
    shown: async (look) => {
      for (let tries = 0; tries < 1000; tries++) {
        const found = look(page());
        if (found !== undefined) return found;
        await sleep(20);
      }
      throw new Error(`The page never showed it: ${look}`);
    },
    showOrder: (id) => act(() => rendered.update(tree(id))),
    close: () => {
      rendered.unmount();
      queryClient.clear();
    },
  };
}
