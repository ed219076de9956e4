/** A file that cannot be read any further, in a sentence for the person who has it. */
export class FileError extends Error {
  override readonly name = "FileError";
}
