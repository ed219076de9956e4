import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Built, CatalogueMemory } from "./catalogue-memory.ts";

const built = (text: string): Built => ({
  text,
  sources: { tables: new Set(["region"]), stockOf: new Set() },
});
const open = () => new CatalogueMemory(1_000_000, async () => [], false);
const read = async (memory: CatalogueMemory, text: string) =>
  (await memory.read("key", "/route", async () => built(text))).body.bytes.toString();

describe("a memory", () => {
  it("keeps nothing before notifications arrive", async () => {
    const memory = open();
    expect([await read(memory, "one"), await read(memory, "two")]).toEqual(["one", "two"]);
    expect(memory.bytes).toBe(0);
  });

  it("serves until the time that it was given, and drops everything then", async () => {
    const memory = open();
    memory.serveUntil(performance.now() + 60_000);
    expect([await read(memory, "one"), await read(memory, "two")]).toEqual(["one", "one"]);
    memory.serveUntil(performance.now() + 1);
    await sleep(5);
    expect([memory.isCurrent, memory.bytes]).toEqual([false, 0]);
    expect(await read(memory, "three")).toBe("three");
    memory.serveUntil(performance.now() + 60_000);
    expect(await read(memory, "four")).toBe("four");
  });

  it("keeps nothing that began before notifications arrived", async () => {
    const memory = open();
    await memory.read("key", "/route", async () => {
      memory.serveUntil(performance.now() + 60_000);
      return built("one");
    });
    expect(await read(memory, "two")).toBe("two");
  });

  it("keeps what was read while something else changed, and nothing else", async () => {
    const memory = open();
    memory.serveUntil(performance.now() + 60_000);
    const readWhile = (table: string, text: string) =>
      memory.read("key", "/route", async () => {
        memory.drop({ table });
        return built(text);
      });
    await readWhile("region", "one");
    expect(await read(memory, "two")).toBe("two");
    memory.drop("any");
    await readWhile("product", "three");
    expect(await read(memory, "four")).toBe("three");
  });

  it("lets nobody wait for a build that began before a change", async () => {
    const memory = open();
    memory.serveUntil(performance.now() + 60_000);
    let finish = () => {};
    const slow = memory.read("key", "/route", async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return built("old");
    });
    await sleep(1);
    memory.drop({ table: "region" });
    expect(await read(memory, "new")).toBe("new");
    finish();
    expect((await slow).body.bytes.toString()).toBe("old");
    expect(await read(memory, "newer")).toBe("new");
  });

  it("builds again after a build that failed", async () => {
    const memory = open();
    memory.serveUntil(performance.now() + 60_000);
    const failing = memory.read("key", "/route", () => Promise.reject(new Error("No database")));
    await expect(failing).rejects.toThrow("No database");
    expect(await read(memory, "one")).toBe("one");
  });
});
