import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../runtime/project-root.ts";
import { settings } from "./settings.ts";

it(".env.example lists exactly the settings that are read", () => {
  const file = readFileSync(join(projectRoot(), ".env.example"), "utf8");
  const named = [...file.matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]);
  expect(named.toSorted()).toEqual(Object.keys(settings.shape).toSorted());
});
