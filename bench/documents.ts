import { writeDocuments } from "./side-by-side/write-documents.ts";

/** Writes the documents from the figures among them once more, after their form has changed. */
writeDocuments();
