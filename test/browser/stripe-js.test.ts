import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectRightBooks, useFakeStripe } from "../stripe/use-fake-stripe.ts";
import { aShopSetup, fillCart } from "../support/builders.ts";
import { findProgram } from "../support/find-program.ts";
import { openShop } from "../support/open-shop.ts";

const program = findProgram("chromium");

/** A storefront's page: Stripe's library in the browser, with a card's field and a button. */
const PAGE = `<!doctype html><title>Checkout</title><div id="card"></div><button>Pay</button>
  <p id="result"></p><script src="https://js.stripe.com/v3/"></script><script>
    const [secret, complete] = location.hash.slice(1).split(",");
    const stripe = Stripe("pk_test_nettle");
    const card = stripe.elements().create("card");
    card.mount("#card");
    document.querySelector("button").onclick = async () => {
      const { error } = await stripe.confirmCardPayment(secret, { payment_method: { card } });
      const order = error ? undefined : await (await fetch(complete, { method: "POST" })).json();
      document.querySelector("#result").textContent = error ? error.message : order.type;
    };
  </script>`;

describe.runIf(program)("a storefront's page with Stripe's library in a real browser", async () => {
  const { stripe, payment } = await useFakeStripe();
  const shop = openShop({
    providers: { payment },
    settings: { STORE_CORS: "/^http:\\/\\/127\\.0\\.0\\.1:\\d+$/" },
  });
  expectRightBooks(stripe, shop);
  let browser: Browser;
  let storefront: Server;
  beforeAll(async () => {
    storefront = createServer((_req, res) => res.setHeader("content-type", "text/html").end(PAGE));
    await once(storefront.listen(0, "127.0.0.1"), "listening");
    browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((done) => storefront.close(done));
  });

  it("declines a card, pays with the next one, and places the order", async () => {
    const cart = await fillCart(shop, await aShopSetup(shop.knex, { providers: ["stripe"] }));
    const page = await browser.newPage();
    await page.route("https://js.stripe.com/**", async (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: await (await fetch(`${stripe.url}/v3/`)).text(),
      }),
    );
    const { port } = storefront.address() as { port: number };
    const complete = `${shop.url}/store/carts/${cart.id}/complete`;
    const { client_secret } = cart.payment_session.data;
    await page.goto(`http://127.0.0.1:${port}/#${client_secret},${complete}`);
    const result = () => page.textContent("#result");
    await page.fill("[name=cardnumber]", "4000 0000 0000 0002");
    await page.click("button");
    await expect.poll(result).toBe("Your card was declined.");
    await page.fill("[name=cardnumber]", "4242 4242 4242 4242");
    await page.click("button");
    await expect.poll(result).toBe("order");
    expect(stripe.account.intent(cart.payment_session.data.id)).toMatchObject({
      status: "requires_capture",
      amount_capturable: 1000,
    });
  });
});
