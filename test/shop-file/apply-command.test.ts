import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type NettleProgram } from "../start/build-program.ts";
import { openShop } from "../support/open-shop.ts";

const europe = `
regions:
  - { name: Europe, currency: usd, countries: [de], tax_rate: 19 }
discounts:
  - { code: SUMMER, description: Sun, type: percentage, value: 10, regions: [Europe] }
`;
/** On a busy machine each start of the program takes some seconds. */
const TIMEOUT_MS = 180_000;

describe("nettle apply", { timeout: TIMEOUT_MS }, () => {
  const shop = openShop({ settings: { CATALOGUE_MEMORY: "16" } });
  let program: NettleProgram;
  let folder: string;
  beforeAll(async () => {
    program = buildProgram();
    folder = await mkdtemp(join(tmpdir(), "nettle-apply-"));
  });
  afterAll(async () => {
    program.remove();
    await rm(folder, { recursive: true });
  });

  const fileOf = (name: string) => join(folder, name);
  const run = (words: string) => program.run(words, { DATABASE_URL: shop.databaseUrl });
  /** Writes a file and applies it. */
  const apply = async (text: string, options = "--yes") => {
    await writeFile(fileOf("shop.yaml"), text);
    return run(`apply ${fileOf("shop.yaml")} ${options}`.trim());
  };
  const countOf = async (table: string) =>
    Number((await shop.knex(table).count().first())!["count"]);

  it("refuses a file that does not exist, or is wrong, with its lines", async () => {
    expect(await run("apply nowhere.yaml --yes")).toMatchObject({ code: 1, out: "" });
    const { code, error } = await apply("regions:\n  - nam: A\n");
    expect(code).toBe(1);
    expect(error).toContain(`${fileOf("shop.yaml")}:2: nam: there is no "nam" here: did you mean`);
  });

  it("shows the plan and changes nothing without a terminal or a yes", async () => {
    const { code, out, error } = await apply(europe, "");
    expect([code, error]).toEqual([1, "Nothing was changed: confirm it with --yes.\n"]);
    expect(out).toContain('+ region "Europe": currency usd, countries [de], tax_rate 19');
    expect(await apply(europe, "--dry-run")).toMatchObject({ code: 0, out, error: "" });
    const json = await apply(europe, "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      applied: false,
      changes: [
        { action: "create", kind: "region", name: '"Europe"' },
        { action: "create", kind: "discount", name: "SUMMER" },
      ],
    });
    expect(await countOf("region")).toBe(0);
  });

  it("applies a file, which a running shop shows at once, and does nothing again", async () => {
    expect((await shop.get("/store/regions")).body.count).toBe(0);
    expect(await apply(europe)).toMatchObject({ code: 0, error: "" });
    await expect
      .poll(async () => (await shop.get("/store/regions")).body.regions, { timeout: 20_000 })
      .toMatchObject([{ name: "Europe", tax_rate: 19, countries: [{ iso_2: "de" }] }]);
    const before = await shop.knex("region");
    const again = await apply(europe);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/^The shop is as the file says\./);
    expect(await shop.knex("region")).toEqual(before);
  });

  it("writes the shop into a new file that changes nothing when it is applied", async () => {
    const file = fileOf("written.yaml");
    const { code, out } = await run(`apply ${file} --write`);
    expect([code, out]).toEqual([0, expect.stringContaining(`The shop is in ${file}.`)]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toContain("  - code: SUMMER\n    description: Sun\n");
    const again = await run(`apply ${file} --yes`);
    expect(again).toEqual({ code: 0, out: "The shop is as the file says.\n", error: "" });
    expect(await run(`apply ${file} --write`)).toMatchObject({ code: 1, out: "" });
  });
});
