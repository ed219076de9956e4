import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import express from "express";

/**
 * The limit of what a server in Node can do: `node bare-server.mjs http|express FILE` sends
 * recorded answers by their path, headers and body, and does nothing else. FILE is a JSON object of
 * them.
 */
const [kind, file] = process.argv.slice(2);
const answers = new Map(
  Object.entries(JSON.parse(readFileSync(file, "utf8"))).map(([path, { headers, body }]) => [
    path,
    { headers, body: Buffer.from(body) },
  ]),
);

function answerByHttp(request, response) {
  const found = answers.get(request.url);
  if (!found) return response.writeHead(404).end();
  response.writeHead(200, found.headers);
  response.end(found.body);
}

function expressApp() {
  const app = express();
  app.disable("x-powered-by");
  app.get(/.*/, (request, response) => {
    const found = answers.get(request.originalUrl);
    if (!found) return response.sendStatus(404);
    response.set(found.headers).send(found.body);
  });
  return app;
}

const server = createServer(kind === "express" ? expressApp() : answerByHttp);
server.listen(0, "127.0.0.1", () => console.log(`Listening at ${server.address().port}`));
