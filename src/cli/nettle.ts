#!/usr/bin/env node
/** The oldest Node.js that runs this program; package.json says the same. */
const NEEDED = [20, 19];

// This file alone must be readable by versions that are too old: no newer syntax, no static import.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > NEEDED[0]! || (major === NEEDED[0] && minor >= NEEDED[1]!)) {
  void import("./run-program.ts");
} else {
  console.error(
    `Nettle needs Node.js ${NEEDED.join(".")} or later, and this is ${process.version}.`,
  );
  process.exitCode = 1;
}
