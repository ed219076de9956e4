import { FileError } from "./file-error.ts";

/**
 * Decodes UTF-8. `onBytes` hears how many bytes were read.
 * @throws FileError if it is none
 */
export async function* readText(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (part?: Uint8Array) => {
    try {
      return decoder.decode(part, { stream: part !== undefined });
    } catch {
      throw new FileError("The file is not UTF-8: save it as UTF-8 and import it again.");
    }
  };
  for await (const part of bytes) {
    onBytes(part.length);
    yield decode(part);
  }
  yield decode();
}
