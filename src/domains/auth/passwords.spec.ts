import { describe, expect, it } from "vitest";
import { bcryptHash, fitsBcryptHash } from "./bcrypt-hash.ts";
import { type PasswordForm, Passwords } from "./passwords.ts";
import { fitsScryptHash, scryptHash } from "./scrypt-hash.ts";

const COST = 8;
const storing = (form: PasswordForm) => new Passwords(COST, async () => form);
/** "correct-horse" as Medusa stored it. */
const medusas =
  "c2NyeXB0AAEAAAABAAAAAXMpgap4CiM7m57DugonfI2XI7BMsXUaLBrRS1L6IYy6ObhHfIWJXQyMOVVRSOpyvBzgrB3hdImUKobRDBp5ImVsWs+wmbKE7tZH3C52NTMf";

describe("passwords stored by bcrypt", () => {
  it("fit themselves alone", async () => {
    const hash = await storing("bcrypt").hash("correct-horse");
    expect(hash).toMatch(/^\$2b\$08\$/);
    expect(await storing("bcrypt").verify("correct-horse", hash)).toEqual({ fits: true });
    expect(await storing("bcrypt").verify("correct-horsf", hash)).toEqual({ fits: false });
  });

  it("count every character beyond bcrypt's 72 bytes", async () => {
    for (const long of ["a".repeat(72), "ü".repeat(36)]) {
      const hash = await bcryptHash(`${long}1`, COST);
      expect(await fitsBcryptHash(`${long}1`, hash)).toBe(true);
      expect(await fitsBcryptHash(`${long}2`, hash)).toBe(false);
      expect(await fitsBcryptHash(long, hash)).toBe(false);
    }
    const whole = await bcryptHash("horse\0one", COST);
    expect(await fitsBcryptHash("horse\0two", whole)).toBe(false);
  });
});

describe("passwords stored as Medusa reads them", () => {
  it("fit themselves alone, Medusa's and ours", async () => {
    expect(await fitsScryptHash("correct-horse", medusas)).toBe(true);
    expect(await fitsScryptHash("wrong-horse", medusas)).toBe(false);
    const hash = await scryptHash("ünïcode 🐴");
    expect(await fitsScryptHash("ünïcode 🐴", hash)).toBe(true);
    expect(await fitsScryptHash("unicode 🐴", hash)).toBe(false);
  });

  it("fit nothing when damaged", async () => {
    expect(
      await fitsScryptHash("correct-horse", `${medusas.slice(0, 30)}zz${medusas.slice(32)}`),
    ).toBe(false);
    expect(await fitsScryptHash("correct-horse", medusas.slice(0, 40))).toBe(false);
    expect(await storing("scrypt").verify("correct-horse", "plain")).toEqual({ fits: false });
  });

  it("stay in that form while the shop may go back", async () => {
    const passwords = storing("scrypt");
    expect(await passwords.hash("new")).toMatch(/^c2NyeXB0/);
    expect(await passwords.verify("correct-horse", medusas)).toEqual({ fits: true });
  });

  it("are stored anew by bcrypt when it will not, if they were right", async () => {
    const passwords = storing("bcrypt");
    const { fits, upgradedHash: better } = await passwords.verify("correct-horse", medusas);
    expect(fits).toBe(true);
    expect(await passwords.verify("correct-horse", better)).toEqual({ fits: true });
    expect(await passwords.verify("wrong-horse", medusas)).toEqual({ fits: false });
  });

  it("of a lower bcrypt cost are stored anew, too", async () => {
    const cheap = await bcryptHash("correct-horse", 4);
    expect((await storing("bcrypt").verify("correct-horse", cheap)).upgradedHash).toMatch(
      /^\$2b\$08\$/,
    );
  });
});

it("nothing fits an account without a password, nor what is no text", async () => {
  expect(await storing("bcrypt").verify("", null)).toEqual({ fits: false });
  expect(await storing("bcrypt").verify(["correct-horse"], medusas)).toEqual({ fits: false });
});
