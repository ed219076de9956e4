const MAX_NAMES = 4;

/** Returns the first names, and how many more there are. */
export function listed(names: readonly string[], most = MAX_NAMES): string {
  const more = names.length > most ? ` and ${names.length - most} more` : "";
  return `${names.slice(0, most).join(", ")}${more}`;
}
