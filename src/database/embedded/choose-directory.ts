import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { accountFor, canReach } from "./account.ts";

/**
 * Returns the directory of the embedded database: the one that the setting names, relative to the
 * project's root, otherwise `.nettle` in the project. Root cannot run PostgreSQL itself; if the
 * user that runs it instead cannot reach the project, the directory is below `/var/lib/nettle`, one
 * for each project path. A directory that the setting names is never replaced by another.
 * @throws StartupError if root may not become another user
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
  const hash = createHash("sha256").update(project).digest("hex").slice(0, 8);
  return join("/var/lib/nettle", `${basename(project)}-${hash}`);
}
