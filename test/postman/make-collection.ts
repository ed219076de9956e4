import converter from "openapi-to-postmanv2";
import { variables } from "./variables.ts";
import { withExamples } from "./with-examples.ts";
import { type WorkingRequest, workingFolders } from "./working-folders.ts";

type Json = Record<string, unknown>;

interface Named {
  readonly key: string;
  readonly value: string;
  readonly disabled?: boolean;
  readonly description?: unknown;
}

/** A request as Postman stores it. */
interface Item {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly description?: unknown;
    readonly url: {
      readonly host: string[];
      readonly path: readonly string[];
      readonly query: readonly Named[];
      readonly variable: readonly Named[];
    };
    readonly header?: readonly Named[];
    readonly body?: { readonly mode?: string; readonly raw?: string; readonly options?: unknown };
    readonly auth?: unknown;
  };
  readonly event?: readonly unknown[];
}

interface Folder {
  readonly name: string;
  readonly description?: string;
  readonly item: readonly Item[];
}

/** The variable of a path's parameter: the `id` of `/store/carts/{id}` is the cart's. */
const IDS: Readonly<Record<string, string>> = {
  "carts id": "cart_id",
  "orders id": "order_id",
  "products id": "product_id",
  "regions id": "region_id",
  "variants id": "variant_id",
  "auth email": "email",
};

/**
 * Makes the Postman collection of an API document: the folders that run in order, then every other
 * operation, in one folder per tag.
 */
export async function makeCollection(document: Json) {
  const folders = ((await convertDocument(withExamples(document))).item as Folder[]).map(
    (folder) => ({
      ...folder,
      item: folder.item.map(withoutGenerated),
    }),
  );
  const items = new Map(
    folders.flatMap(({ item }) => item).map((item) => [operationOf(item), item]),
  );
  const used = new Set(
    workingFolders.flatMap(({ requests }) => requests.map(({ operation }) => operation)),
  );
  const working = workingFolders.map(({ name, description, requests }) => ({
    name,
    description,
    item: requests.map((request) => workingItem(request, items.get(request.operation)!)),
  }));
  const others = folders
    .map(({ name, item }) => ({ name, item: item.filter((one) => !used.has(operationOf(one))) }))
    .filter(({ item }) => item.length > 0);
  return {
    info: {
      name: "Nettle Store API",
      description:
        "Run the numbered folders from top to bottom in a demo shop. The other folders contain " +
        "every other operation of the Store API. They use the variables that the numbered " +
        "folders set.",
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    item: [...working, ...others],
    variable: Object.entries(variables).map(([key, value]) => ({ key, value })),
  };
}

function convertDocument(document: Json): Promise<Json> {
  const options = {
    folderStrategy: "Tags",
    parametersResolution: "Example",
    alwaysInheritAuthentication: true,
  } as const;
  return new Promise((resolve, reject) => {
    converter.convertV2(
      { type: "string", data: JSON.stringify(document) },
      options,
      (error, conversion) => {
        if (error || !conversion?.result) reject(error ?? new Error(conversion?.reason));
        else resolve(conversion.output![0]!.data as Json);
      },
    );
  });
}

/** Removes generated ids, example responses and parameters that are optional. */
function withoutGenerated({ name, request }: Item): Item {
  const { method, description, url, header = [], body } = request;
  const noun = url.path[1] ?? "";
  return {
    name,
    request: {
      method,
      description,
      url: {
        host: url.host,
        path: url.path,
        query: url.query.map((one) => ({ ...one, value: shown(one.value), disabled: true })),
        variable: url.variable.map(({ key, value, description }) => ({
          key,
          value: idFor(noun, key, value),
          description,
        })),
      },
      header: header.map((one) =>
        isOptional(one.key) ? { ...one, value: optional[one.key]!, disabled: true } : one,
      ),
      ...(body?.mode ? { body } : {}),
    },
  };
}

const optional: Readonly<Record<string, string>> = {
  "Idempotency-Key": "{{$guid}}",
  "x-publishable-api-key": "pk_…",
};
const isOptional = (key: string) => key in optional;

/** Returns "" for a placeholder. */
const shown = (value: string) => (/^<.*>$/.test(value) ? "" : value);

function idFor(noun: string, key: string, value: string): string {
  const name = IDS[`${noun} ${key}`] ?? (key in variables ? key : undefined);
  return name ? `{{${name}}}` : shown(value);
}

/** `POST /store/carts/{id}` */
function operationOf({ request: { method, url } }: Item): string {
  return `${method} /${url.path.map((part) => part.replace(/^:(\w+)$/, "{$1}")).join("/")}`;
}

function workingItem(
  { name, query = {}, body, headers = {}, status = 200, script = [] }: WorkingRequest,
  item: Item,
): Item {
  const { request } = item;
  const inherited = (request.header ?? []).filter(
    ({ key }) => !(key in headers) && !isOptional(key),
  );
  const lines = script.length > 0 ? ["const body = pm.response.json();", ...script] : [];
  const exec = [
    `pm.test("It answers ${status}", () => pm.response.to.have.status(${status}));`,
    ...lines,
  ];
  return {
    name,
    request: {
      ...request,
      url: { ...request.url, query: Object.entries(query).map(([key, value]) => ({ key, value })) },
      header: [...inherited, ...Object.entries(headers).map(([key, value]) => ({ key, value }))],
      ...(request.body
        ? { body: { ...request.body, raw: JSON.stringify(body ?? {}, null, 2) } }
        : {}),
    },
    event: [{ listen: "test", script: { type: "text/javascript", exec } }],
  };
}
