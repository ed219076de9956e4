import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Encoding = "br" | "gzip";

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** The JSON of a catalogue answer, with the hash for its ETag. Compressed once an encoding. */
export class FinishedBody {
  readonly bytes: Buffer;
  readonly hash: string;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();

  constructor(text: string) {
    this.bytes = Buffer.from(text);
    this.hash = createHash("sha1").update(this.bytes).digest("base64url");
  }

  /** Returns the strong ETag of an encoding; undefined is the plain JSON. */
  etag(encoding: Encoding | undefined): string {
    return encoding ? `"${this.hash}-${encoding}"` : `"${this.hash}"`;
  }

  /** Returns the body in an encoding. */
  encoded(encoding: Encoding, level: number): Promise<Buffer> {
    const known = this.#compressed.get(encoding);
    if (known) return known;
    const made = this.#compress(encoding, level);
    this.#compressed.set(encoding, made);
    return made;
  }

  #compress(encoding: Encoding, level: number): Promise<Buffer> {
    if (encoding === "gzip") return gzipAsync(this.bytes, { level });
    return brotliAsync(this.bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: level,
        [constants.BROTLI_PARAM_SIZE_HINT]: this.bytes.length,
      },
    });
  }
}
