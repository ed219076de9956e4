import { expect, it } from "vitest";
import { chooseLanguage } from "./choose-language.ts";

const offered = new Set(["en", "de", "de-AT", "zh-Hant"]);

it.each([
  [["de-AT"], "de-AT"],
  [["de-at"], "de-AT"],
  [["de_AT"], "de-AT"],
  [["de-CH"], "de"],
  [["zh-Hant-TW"], "zh-Hant"],
  [["zh"], undefined],
  [["fr", "de"], "de"],
  [[undefined, null, 7, {}, "", "../../etc", "x".repeat(100), "en"], "en"],
  [[], undefined],
])("of %j it is %s", (wanted, language) => {
  expect(chooseLanguage(wanted, offered)).toBe(language);
});
