import { join } from "node:path";
import { projectRoot } from "../runtime/project-root.ts";

/** Returns the directory of the demo products' pictures, served below `/demo/pictures/`. */
export function demoPicturesDirectory(): string {
  return join(projectRoot(), "src", "demo", "pictures");
}
