import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { projectRoot } from "../../runtime/project-root.ts";

/** A file that the page of the reference loads. */
export interface PageFile {
  /** Changes with the content. */
  readonly name: string;
  /** As Express names it: `css`. */
  readonly type: string;
  /** Reads the text. */
  readonly read: () => string;
}

/** Returns the files of the page: the viewer, and what sets it up. */
export function pageFiles() {
  return {
    viewer: viewer(),
    script: ownFile("start", "js"),
    style: ownFile("docs", "css"),
    icon: ownFile("icon", "svg"),
  };
}

/** One file without dependencies, as its package publishes it for browsers. */
function viewer(): PageFile {
  const file = createRequire(import.meta.url).resolve(
    "@scalar/api-reference/browser/standalone.js",
  );
  const { version } = JSON.parse(readFileSync(join(file, "../../../package.json"), "utf8")) as {
    version: string;
  };
  return { name: `scalar-${version}.js`, type: "js", read: () => readFileSync(file, "utf8") };
}

function ownFile(title: string, type: string): PageFile {
  const text = readFileSync(
    join(projectRoot(), "src/http/openapi/page", `${title}.${type}`),
    "utf8",
  );
  const hash = createHash("sha1").update(text).digest("hex").slice(0, 8);
  return { name: `${title}-${hash}.${type}`, type, read: () => text };
}
