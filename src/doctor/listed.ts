const MAX_NAMES = 4;

/** Returns the first names, and how many more there are. */
export function listed(names: readonly string[], max = MAX_NAMES): string {
  const more = names.length > max ? ` and ${names.length - max} more` : "";
  return `${names.slice(0, max).join(", ")}${more}`;
}
