import { InvalidDataError } from "../core/errors.ts";
import { type ClientRequest, clientRequest } from "./answer-bounds.ts";
import { followPath, type Reader } from "./audience.ts";
import type { Entity } from "./entity.ts";
import { entityNamed } from "./schema.ts";

interface Names {
  readonly default: readonly string[];
  /** The names that a client may use; by default any column or relation of the graph. */
  readonly allowed?: readonly string[];
}

/**
 * The columns and relations of an entity that an endpoint shows by default, and those that a client
 * may request by `fields` and `expand`.
 */
export interface View {
  readonly entity: Entity;
  /** Columns, computed values, and columns of relations (`variants.title`). */
  readonly fields: Names;
  readonly relations: Names;
}

/** Declares a view. Without a list of allowed names, every name of the graph is allowed. */
export function view(entity: Entity, declaration: { fields?: Names; relations: Names }): View {
  return {
    entity,
    fields: declaration.fields ?? { default: Object.keys(entity.columns) },
    relations: declaration.relations,
  };
}

/** The columns and relations that one request shows: resolved, and allowed. */
export interface Selection {
  readonly entity: Entity;
  readonly columns: readonly string[];
  readonly computed: ReadonlySet<string>;
  /** Relation paths. A path does not list its parents. */
  readonly relations: ReadonlySet<string>;
  /** The columns shown of some relation paths, instead of all. */
  readonly narrowed: ReadonlyMap<string, readonly string[]>;
  /** What the client named; undefined where it named nothing, and the selection is the view's. */
  readonly request: ClientRequest | undefined;
}

/** `fields` and `expand` as the client sent them. */
export interface ViewQuery {
  readonly fields?: string | undefined;
  readonly expand?: string | undefined;
}

/**
 * Removes relations from `fields`, for endpoints where they may be named there without effect, as
 * in Medusa.
 */
export function withoutRelations({ relations }: Entity, { fields, expand }: ViewQuery): ViewQuery {
  const named = fields?.split(",") ?? [];
  const columns = named.filter((name) => !Object.hasOwn(relations, name.replace(/^[+-]/, "")));
  const onlyEdits = named.length > 0 && named.every((name) => /^[+-]/.test(name));
  return {
    expand,
    fields:
      fields === undefined || (onlyEdits && columns.length === 0) ? undefined : columns.join(","),
  };
}

/** The deepest relation that any setting allows. */
const MAX_DEPTH = 5;

/**
 * Resolves `fields` and `expand` as Medusa does: `fields` replaces the default fields (`+x` and
 * `-x` edit them) and keeps the default relations; `expand` replaces the default relations.
 * @param always the fields that are shown whatever the client requests
 * @param reader who requests them, which decides where relations may lead
 * @throws InvalidDataError naming every field that is not allowed, or else every relation. Where a
 * view lists no allowed fields, relations are checked first, as in Medusa.
 */
export function select(
  view: View,
  requested: ViewQuery,
  always: readonly string[],
  reader: Reader = "anyone",
): Selection {
  const fields = requestedFields(view, requested.fields, always);
  const dotted = [...fields].filter((field) => field.includes("."));
  const relations =
    namedRelations(requested.expand) ??
    new Set([...dotted.flatMap(pathsTo), ...view.relations.default]);
  const invalidNames = [
    [...fields].filter((field) => !isField(view, field, reader)),
    foreignRelations(view, requested.expand, reader),
  ];
  for (const names of view.fields.allowed ? invalidNames : invalidNames.toReversed()) refuse(names);
  const plain = [...fields].filter((field) => !field.includes("."));
  return {
    entity: view.entity,
    columns: plain.filter((field) => Object.hasOwn(view.entity.columns, field)),
    computed: new Set(plain.filter((field) => Object.hasOwn(view.entity.computed, field))),
    relations,
    narrowed: narrowing(view, dotted, relations, reader),
    request: isDefault(requested)
      ? undefined
      : clientRequest([...(namedRelations(requested.expand) ?? []), ...dotted.flatMap(pathsTo)]),
  };
}

function isDefault({ fields, expand }: ViewQuery): boolean {
  return fields === undefined && expand === undefined;
}

function requestedFields(
  view: View,
  requested: string | undefined,
  always: readonly string[],
): Set<string> {
  const preset = new Set(view.fields.default);
  if (requested === undefined) return preset;
  const named = requested.split(",").filter(Boolean);
  const edits =
    named.length > 0 && named.every((name) => name.startsWith("+") || name.startsWith("-"));
  const fields = edits ? preset : new Set<string>();
  for (const name of named) {
    if (edits && name.startsWith("-")) fields.delete(name.slice(1));
    else fields.add(name.replace(/^[+-]/, ""));
  }
  for (const name of always) fields.add(name);
  return fields;
}

function isField(view: View, field: string, reader: Reader): boolean {
  if (view.fields.allowed) return view.fields.allowed.includes(field);
  const dot = field.lastIndexOf(".");
  const path = field.slice(0, Math.max(dot, 0));
  const owner = path === "" ? view.entity : entityAt(view, path, reader);
  const name = field.slice(dot + 1);
  return (
    owner !== undefined &&
    (Object.hasOwn(owner.columns, name) || Object.hasOwn(owner.computed, name))
  );
}

function namedRelations(requested: string | undefined): Set<string> | undefined {
  return requested === undefined ? undefined : new Set(requested.split(",").filter(Boolean));
}

function foreignRelations(view: View, requested: string | undefined, reader: Reader): string[] {
  return [...(namedRelations(requested) ?? [])].filter((path) => !entityAt(view, path, reader));
}

/** `variants.prices.amount` → `[variants, variants.prices]` */
function pathsTo(field: string): string[] {
  const parts = field.split(".").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}

function narrowing(
  view: View,
  dotted: readonly string[],
  relations: ReadonlySet<string>,
  reader: Reader,
): Map<string, string[]> {
  const narrowed = new Map<string, string[]>();
  for (const field of dotted) {
    const dot = field.lastIndexOf(".");
    const path = field.slice(0, dot);
    if (![...relations].some((relation) => relation === path || relation.startsWith(`${path}.`)))
      continue;
    if (!Object.hasOwn(entityAt(view, path, reader)?.columns ?? {}, field.slice(dot + 1))) continue;
    narrowed.set(path, [...(narrowed.get(path) ?? []), field.slice(dot + 1)]);
  }
  return narrowed;
}

/**
 * Returns the entity at the end of a relation path, or undefined if the reader may not follow it. A
 * view that lists its relations decides by itself where they lead.
 */
function entityAt(view: View, path: string, reader: Reader): Entity | undefined {
  const parts = path.split(".");
  const { allowed } = view.relations;
  if (!allowed)
    return parts.length > MAX_DEPTH ? undefined : followPath(view.entity, parts, reader);
  if (!allowed.includes(path)) return;
  return parts.reduce<Entity>((at, part) => entityNamed(at.relations[part]!.entity), view.entity);
}

function refuse(names: readonly string[]): void {
  if (names.length === 0) return;
  const deep = names.some((name) => name.split(".").length > MAX_DEPTH + 1);
  const limits = deep
    ? `: relations are named by dots, as in items.variant.product, at most ${MAX_DEPTH} deep`
    : "";
  throw new InvalidDataError(`Requested fields [${names.join(", ")}] are not valid${limits}`);
}
