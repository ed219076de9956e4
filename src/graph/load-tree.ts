import type { Knex } from "knex";
import { LRUCache } from "lru-cache";
import { pageStatement, type RowsOfPage } from "../database/page.ts";
import {
  type PreparedText,
  prepareText,
  queryPrepared,
  queryUnprepared,
} from "../database/query-prepared.ts";
import { sendTogether } from "../database/send-together.ts";
import { query, type Sql } from "../database/sql.ts";
import {
  type AnswerBounds,
  answerBoundsOf,
  mustBeWithinBudget,
  tooLarge,
  tooManyRows,
} from "./answer-bounds.ts";
import { hideOtherCustomers } from "./audience.ts";
import { type CompiledTree, compileTree } from "./compile-tree.ts";
import { type Shape, shapeKey } from "./shape.ts";

interface CompiledStatement {
  readonly tree: CompiledTree;
  /** Whether a client made up the shape. It is not prepared until it recurs. */
  readonly isClients: boolean;
  prepared: PreparedText | undefined;
  /** How often a client's shape was loaded while it was not prepared. */
  uses: number;
}

/** The statements that stay compiled have at most this many characters together. */
const MAX_TEXT = 2_000_000;

/** Clients can request any number of shapes; only so many stay compiled. */
const compiled = new LRUCache<string, CompiledStatement>({
  max: 500,
  maxSize: MAX_TEXT,
  sizeCalculation: ({ tree }) => tree.text.length,
});
/** So often a client's shape must be loaded before it is prepared, as a storefront's own are. */
const RECURRING_USES = 10;
/**
 * The clients' shapes that are prepared: only so many, since each stays in the memory of every
 * connection. Planning takes longer than loading.
 */
const recurring = new LRUCache<string, CompiledStatement>({
  max: 20,
  dispose: (statement) => Object.assign(statement, { prepared: undefined, uses: 0 }),
});
const keys = new WeakMap<Shape<unknown>, string>();

/**
 * Loads the trees of a shape below the given root ids, in the order of the ids; an id without a row
 * is skipped. Any shape is one statement, and so one consistent snapshot. Where a client chose the
 * shape, customers other than `viewerId` are reduced to what anyone may see.
 * @param values of the request, for the preferences of the shape
 * @throws InvalidDataError where a client names too many relations, or what it requests would be
 * too large
 * @throws NotFoundError where a row that the shape requires is missing
 */
export async function loadTrees<T>(
  connection: Knex,
  shape: Shape<T>,
  ids: readonly string[],
  viewerId?: string,
  values?: readonly unknown[],
): Promise<T[]> {
  const bounds = answerBoundsOf(connection);
  if (shape.answers?.request) mustBeWithinBudget(shape.answers.request, bounds);
  if (ids.length === 0) return [];
  const compiled = compiledFor(shape);
  const lists = await loadLists(connection, compiled, ids, bounds, values);
  return stitched({ shape, compiled, bounds, viewerId }, ids, lists);
}

/**
 * Loads the trees of a shape on a page of a list, in its order, and the count of all rows of the
 * list. The page and the trees are two statements that travel together.
 * @param values of the request, for the preferences of the shape
 * @throws InvalidDataError where a client names too many relations, or what it requests would be
 * too large
 * @throws NotFoundError where a row that the shape requires is missing
 */
export async function loadPage<T>(
  connection: Knex,
  shape: Shape<T>,
  rows: RowsOfPage,
  viewerId?: string,
  values?: readonly unknown[],
): Promise<{ trees: T[]; count: number }> {
  const bounds = answerBoundsOf(connection);
  if (shape.answers?.request) mustBeWithinBudget(shape.answers.request, bounds);
  const compiled = compiledFor(shape);
  const [[page], lists] = await sendTogether(connection, (together, keepsSettings) => {
    const found = query<PageRow>(together, pageStatement(rows, keepsSettings));
    return [
      found,
      keepsSettings
        ? loadLists(together, compiled, null, bounds, values)
        : found.then(([row]) => loadLists(together, compiled, row?.ids ?? [], bounds, values)),
    ];
  });
  const { ids = [], count = 0 } = page ?? {};
  return { trees: stitched({ shape, compiled, bounds, viewerId }, ids, lists), count };
}

interface PageRow {
  readonly ids: readonly string[];
  readonly count: number;
}

interface Loading<T> {
  readonly shape: Shape<T>;
  readonly compiled: CompiledStatement;
  readonly bounds: AnswerBounds;
  readonly viewerId: string | undefined;
}

/** Returns the trees of the ids, of the lists that were loaded for them. */
function stitched<T>(
  { shape, compiled, bounds, viewerId }: Loading<T>,
  ids: readonly string[],
  lists: Lists,
): T[] {
  const found = compiled.tree.stitch(lists);
  if (isRequested(shape, ids)) mustFit(found, bounds);
  const trees = ids
    .map((id) => found.trees.get(id) as T | undefined)
    .filter((root) => root !== undefined);
  hideOtherCustomers(shape, trees, viewerId);
  return trees;
}

/**
 * Loads the tree of a shape below one root id, or undefined, in the same way.
 * @throws InvalidDataError where a client names too many relations, or what it requests would be
 * too large
 * @throws NotFoundError where a row that the shape requires is missing
 */
export async function loadTree<T>(
  connection: Knex,
  shape: Shape<T>,
  id: string,
  viewerId?: string,
  values?: readonly unknown[],
): Promise<T | undefined> {
  const [tree] = await loadTrees(connection, shape, [id], viewerId, values);
  return tree;
}

/**
 * Loads the trees of a shape of the code below those rows that a query finds: `roots` selects one
 * array of their ids. One statement, as for given ids.
 * @throws NotFoundError where a row that the shape requires is missing
 */
export async function loadFoundTrees<T>(
  connection: Knex,
  shape: Shape<T>,
  roots: Sql,
): Promise<T[]> {
  const { tree, prepared } = compiledBelow(shape, roots.text);
  const [lists] = await queryPrepared<Lists>(connection, prepared, roots.values);
  return [...tree.stitch(lists ?? {}).trees.values()] as T[];
}

const compiledRoots = new WeakMap<
  Shape<unknown>,
  Map<string, { readonly tree: CompiledTree; readonly prepared: PreparedText }>
>();

/** The texts are literals of the code: there are few. */
function compiledBelow(shape: Shape<unknown>, roots: string) {
  const texts = compiledRoots.get(shape) ?? new Map();
  compiledRoots.set(shape, texts);
  const known = texts.get(roots);
  if (known) return known;
  const tree = compileTree(shape, { roots });
  const compiled = { tree, prepared: prepareText(tree.text) };
  texts.set(roots, compiled);
  return compiled;
}

type Lists = Readonly<Record<string, readonly unknown[][] | null>>;
type LoadedLists = Lists & { readonly is_too_large?: boolean };

/**
 * Loads the list of each relation below root ids; null stands for the page that was read last.
 * @throws InvalidDataError where a client's shape has too many rows
 */
async function loadLists(
  connection: Knex,
  { tree, isClients, prepared }: CompiledStatement,
  ids: readonly string[] | null,
  bounds: AnswerBounds,
  values: readonly unknown[] = [],
): Promise<Lists> {
  const all = isClients ? [ids, bounds.rows] : [ids, ...values];
  const [row] = await (prepared
    ? queryPrepared<LoadedLists>(connection, prepared, all)
    : queryUnprepared<LoadedLists>(connection, tree.text, all));
  if (row?.is_too_large) throw tooManyRows(bounds);
  return row ?? {};
}

/**
 * Returns whether the size of the trees depends on the request. One tree of a view's own shape is
 * as large as its cart or order, which have bounds of their own; it is never refused, since it may
 * answer a write.
 */
function isRequested({ answers }: Shape<unknown>, ids: readonly string[]): boolean {
  return answers !== undefined && (answers.request !== undefined || ids.length > 1);
}

function mustFit({ sizes }: ReturnType<CompiledTree["stitch"]>, bounds: AnswerBounds): void {
  if (sizes.reduce((sum, size) => sum + size, 0) > bounds.bytes) throw tooLarge(bounds);
}

function compiledFor(shape: Shape<unknown>): CompiledStatement {
  const isClients = shape.answers?.request !== undefined;
  const key = keys.get(shape) ?? `${shapeKey(shape)}${isClients ? "?" : ""}`;
  keys.set(shape, key);
  const known = compiled.get(key);
  if (known) return isClients ? prepareRecurring(key, known) : known;
  const tree = compileTree(shape, { isCounted: isClients });
  const prepared = isClients ? undefined : prepareText(tree.text);
  const statement = { tree, isClients, prepared, uses: 1 };
  compiled.set(key, statement);
  return statement;
}

function prepareRecurring(key: string, statement: CompiledStatement): CompiledStatement {
  if (recurring.get(key) === statement) return statement;
  statement.uses += 1;
  if (statement.uses > RECURRING_USES) {
    statement.prepared = prepareText(statement.tree.text);
    recurring.set(key, statement);
  }
  return statement;
}
