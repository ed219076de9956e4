/**
 * Returns a stand-in for the library that Stripe serves to browsers at https://js.stripe.com/v3/:
 * a card's field and the functions that storefronts call. It pays at the fake Stripe at `url`.
 * 4242 4242 4242 4242 is paid, 4000 0000 0000 0002 is declined, 4000 0025 0000 3155 asks the bank.
 */
export function stripeJs(url: string): string {
  return `(${library.toString()})(${JSON.stringify(url)});`;
}

interface Parent {
  append(child: unknown): void;
}

interface Field {
  readonly value: string;
  focus(): void;
  blur(): void;
  remove(): void;
  addEventListener(name: string, handler: () => void): void;
}

/** What the stand-in uses of a browser, whose own types are not loaded here. */
interface Page {
  readonly document: {
    createElement(name: string): Field;
    querySelector(selector: string): Parent;
  };
  readonly fetch: typeof fetch;
  Stripe: unknown;
}

/** Runs in the browser, so it uses nothing of this file but types. */
function library(api: string): void {
  const methods: Readonly<Record<string, string>> = {
    "4242424242424242": "pm_card_visa",
    "4000000000000002": "pm_card_chargeDeclined",
    "4000002500003155": "pm_card_threeDSecureRequired",
  };
  const page = globalThis as unknown as Page;

  const cardField = () => {
    const input = page.document.createElement("input");
    Object.assign(input, { name: "cardnumber", placeholder: "Card number", autocomplete: "off" });
    const handlers: Record<string, ((event: object) => void)[]> = {};
    const emit = (name: string, event: object) => {
      for (const handler of handlers[name] ?? []) handler(event);
    };
    const number = () => String(input.value).replaceAll(" ", "");
    const element = {
      method: () => methods[number()],
      on: (name: string, handler: (event: object) => void) => {
        handlers[name] = [...(handlers[name] ?? []), handler];
        return element;
      },
      once: (name: string, handler: (event: object) => void) => element.on(name, handler),
      off: () => element,
      update: () => undefined,
      focus: () => input.focus(),
      blur: () => input.blur(),
      clear: () => undefined,
      unmount: () => input.remove(),
      destroy: () => input.remove(),
      mount: (parent: string | Parent) => {
        const found = typeof parent === "string" ? page.document.querySelector(parent) : parent;
        found.append(input);
        setTimeout(() => emit("ready", element));
      },
    };
    input.addEventListener("input", () =>
      emit("change", {
        elementType: "card",
        brand: number().startsWith("4") ? "visa" : "unknown",
        complete: number() in methods,
        empty: number() === "",
        error: undefined,
      }),
    );
    return element;
  };

  const elements = () => {
    const created: Record<string, ReturnType<typeof cardField>> = {};
    return {
      create: (type: string) => {
        created[type] = cardField();
        return created[type];
      },
      getElement: (type: string) => created[type] ?? null,
      update: () => undefined,
      fetchUpdates: async () => ({}),
      submit: async () => ({}),
    };
  };

  const stripe = (key: string) => {
    const request = async (path: string, parameters: Record<string, string>) => {
      const answer = await page.fetch(`${api}/v1/payment_intents/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}` },
        body: new URLSearchParams(parameters),
      });
      const body = (await answer.json()) as { readonly error?: object };
      return answer.ok ? { paymentIntent: body } : { error: body.error };
    };
    const confirmCardPayment = (secret: string, { payment_method: given = "" }: Given = {}) => {
      const method = typeof given === "string" ? given : given.card.method();
      return request(`${secret.split("_secret_")[0]}/confirm`, {
        client_secret: secret,
        ...(method ? { payment_method: method } : {}),
      });
    };
    return {
      elements,
      confirmCardPayment,
      createToken: async () => ({ error: { message: "Not part of the stand-in" } }),
      createPaymentMethod: async () => ({ error: { message: "Not part of the stand-in" } }),
      _registerWrapper: () => undefined,
      registerAppInfo: () => undefined,
    };
  };
  page.Stripe = Object.assign(stripe, { version: 3 });

  interface Given {
    readonly payment_method?: string | { readonly card: ReturnType<typeof cardField> };
  }
}
