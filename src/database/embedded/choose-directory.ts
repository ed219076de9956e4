import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { accountFor, canReach } from "./account.ts";

/**
 * Where the embedded database lives: the directory that the setting names (from the project's
 * root), otherwise `.nettle` in the project. Root cannot run PostgreSQL itself; if the user it runs
 * as cannot reach the project, the place is below `/var/lib/nettle`, one for each project path. A
 * directory that was asked for by name is never exchanged for another.
 * @throws StartFailure root is not allowed to become another user
 */
export async function chooseDirectory(options: {
  setting?: string;
  projectRoot: string;
}): Promise<string> {
  if (options.setting) return resolve(options.projectRoot, options.setting);
  const project = await realpath(options.projectRoot);
  const inProject = join(project, ".nettle");
  const account = await accountFor(inProject);
  if (!account || (await canReach(project, account))) return inProject;
  const mark = createHash("sha256").update(project).digest("hex").slice(0, 8);
  return join("/var/lib/nettle", `${basename(project)}-${mark}`);
}
