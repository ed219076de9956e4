import { connect } from "node:net";
import { text } from "node:stream/consumers";

/**
 * Sends the lines of a request as they are and returns the answer, head and body. The server must
 * close the connection.
 */
export async function sendRaw(serverUrl: string, lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(serverUrl);
  const socket = connect(Number(port), hostname);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return text(socket);
}
