import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, expect, it } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "map-positions-"));
afterAll(() => rmSync(directory, { recursive: true }));

const SOURCE = `import { mapPositions } from "./map-positions.ts";

interface OnlyOneLineOfJavaScript {
  readonly isLost: boolean;
}

function fail(): OnlyOneLineOfJavaScript {
  throw new Error("It failed");
}
try {
  fail();
} catch (error) {
  console.log(mapPositions((error as Error).stack!));
  console.log(mapPositions("at /elsewhere/index.js:1:1 and ${directory}/unmapped.js:1:1"));
}
`;

it("shows positions of the bundle as those of its source files", () => {
  const outfile = join(directory, "bundle.js");
  buildSync({
    stdin: {
      contents: SOURCE,
      resolveDir: import.meta.dirname,
      sourcefile: "fails.ts",
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    define: { "import.meta.url": "url" },
    banner: { js: "const url = require('node:url').pathToFileURL(__filename).href;" },
    sourcemap: true,
    outfile,
  });
  const printed = execFileSync(process.execPath, [outfile], { encoding: "utf8" });
  expect(printed).toMatch(/fails\.ts:8:9\)?\n/);
  expect(printed).toMatch(/fails\.ts:11:/);
  expect(printed).toContain(`at /elsewhere/index.js:1:1 and ${directory}/unmapped.js:1:1`);
});
