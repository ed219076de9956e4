import { join } from "node:path";
import { projectRoot } from "../runtime/project-root.ts";

/** Returns the directory of the landing page's stylesheet, script and icon. */
export function landingAssetsDirectory(): string {
  return join(projectRoot(), "src", "landing", "assets");
}
