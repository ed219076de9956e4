import { readdirSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import config, { rooms } from "../../.dependency-cruiser.mjs";

/**
 * Checks the imports of src/ and migrations/ against the rules. Fails also when it saw too few
 * modules to be a check.
 */
const { output } = await cruise(
  ["src", "migrations"],
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig("tsconfig.json") },
);
const { summary, modules } = output;
const sources = modules.filter(({ source }) => /^(src|migrations)\/.*\.ts$/.test(source));
const files = ["src", "migrations"]
  .flatMap((folder) => readdirSync(folder, { recursive: true }))
  .filter((name) => /(?<!\.spec)\.ts$/.test(name));

for (const { rule, from, to, cycle } of summary.violations) {
  console.error(
    `${rule.name}: ${from} → ${cycle ? cycle.map(({ name }) => name).join(" → ") : to}`,
  );
}
if (sources.length < files.length)
  console.error(`Only ${sources.length} of ${files.length} modules were seen`);
const unordered = sources
  .map(({ source }) => source.match(/^src\/(domains\/[^/]+|[^/]+)/)?.[1])
  .filter((room) => room !== undefined && !rooms.includes(room));
for (const room of new Set(unordered))
  console.error(`The room ${room} is missing in the order of rooms`);
const edges = modules.flatMap(({ dependencies }) => dependencies).length;
if (edges < sources.length) console.error(`Only ${edges} imports were seen`);
const failed =
  unordered.length > 0 ||
  summary.violations.length > 0 ||
  sources.length < files.length ||
  edges < sources.length;
console.log(`${sources.length} modules, ${edges} imports, ${summary.violations.length} violations`);
process.exitCode = failed ? 1 : 0;
