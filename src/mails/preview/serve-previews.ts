import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { projectRoot } from "../../runtime/project-root.ts";
import { openTemplateEngine } from "../template-engine.ts";
import { type Preview, type PreviewSource, Previews } from "./previews.ts";

type Source = Omit<PreviewSource, "picturesAt">;

/**
 * Serves a page that shows all mails, for a browser on this machine. Templates are read again with
 * each request. Returns the address.
 * @throws Error if the port is in use
 */
export async function servePreviews(source: Source, port: number): Promise<string> {
  const server = createServer((request, response) => {
    const { host } = request.headers;
    const url = URL.canParse(request.url ?? "", "http://local")
      ? new URL(request.url ?? "", "http://local")
      : undefined;
    // A name of another site that resolves to this machine must not read a shop's orders.
    if (!url || request.method !== "GET" || !host || !/^(127\.0\.0\.1|localhost)(:|$)/.test(host))
      return void send(response, 403, "text/plain", "Open the address that was printed.\n");
    answer(url, { ...source, picturesAt: `http://${host}` }, response).catch((error: Error) =>
      send(response, 500, "text/plain", `${error.message}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(url: URL, source: PreviewSource, response: ServerResponse): Promise<void> {
  if (url.pathname.startsWith("/demo/pictures/")) return sendPicture(url.pathname, response);
  if (url.pathname !== "/" && url.pathname !== "/mail.html")
    return send(response, 404, "text/plain", "There is no such page.\n");
  const chosen = chosenIn(url);
  try {
    const previews = await Previews.open(source);
    const all = previews.list();
    const found = all.find((each) => isSame(each, chosen)) ?? all[0]!;
    await sendPreview(url.pathname === "/", previews, found, response);
  } catch (error) {
    const page = await renderPage({ chosen, mails: [], error: (error as Error).message });
    send(response, 422, "text/html", page);
  }
}

async function sendPreview(
  isPage: boolean,
  previews: Previews,
  chosen: Preview,
  response: ServerResponse,
): Promise<void> {
  if (!isPage) return send(response, 200, "text/html", previews.write(chosen).html);
  const mails = menuOf(previews.list(), chosen);
  const { name, language, sample } = chosen;
  try {
    const query = new URLSearchParams({ mail: name, language, sample: String(sample) });
    const mail = previews.write(chosen);
    const page = await renderPage({ chosen, mails, mail, source: `/mail.html?${query}` });
    send(response, 200, "text/html", page);
  } catch (error) {
    const page = await renderPage({ chosen, mails, error: (error as Error).message });
    send(response, 422, "text/html", page);
  }
}

function chosenIn({ searchParams }: URL) {
  return {
    name: searchParams.get("mail") ?? "",
    language: searchParams.get("language") ?? "",
    sample: Number(searchParams.get("sample")),
  };
}

function isSame(one: Preview, other: { name: string; language: string; sample: number }): boolean {
  return one.name === other.name && one.language === other.language && one.sample === other.sample;
}

function menuOf(all: readonly Preview[], chosen: Preview) {
  const names = [...new Set(all.map(({ name }) => name))];
  return names.map((name) => ({
    name,
    previews: all
      .filter((each) => each.name === name)
      .map((each) => ({ ...each, isChosen: isSame(each, chosen) })),
  }));
}

async function renderPage(shown: object): Promise<string> {
  const folder = join(projectRoot(), "src", "mails", "preview");
  const { html } = await openTemplateEngine([folder]);
  return html.renderFile("page.html", shown);
}

async function sendPicture(path: string, response: ServerResponse): Promise<void> {
  const file = join(projectRoot(), "src", "demo", "pictures", basename(path));
  if (!file.endsWith(".webp") || !existsSync(file))
    return send(response, 404, "text/plain", "There is no such picture.\n");
  send(response, 200, "image/webp", await readFile(file));
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer) {
  response.writeHead(status, {
    "Content-Type": type === "image/webp" ? type : `${type}; charset=utf-8`,
    "Content-Security-Policy":
      "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; frame-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  response.end(body);
}
