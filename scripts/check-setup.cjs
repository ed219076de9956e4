// Runs before each build and says what is missing. Every version of Node.js must be able to read it.
const needed = require("../package.json").engines.node.replace(">=", "");

function isOldNode() {
  const own = process.versions.node.split(".").map(Number);
  const least = needed.split(".").map(Number);
  return own[0] < least[0] || (own[0] === least[0] && own[1] < least[1]);
}

function isInstalled() {
  try {
    return require.resolve("esbuild") !== "";
  } catch (_error) {
    return false;
  }
}

function problem() {
  if (isOldNode())
    return `Nettle needs Node.js ${needed} or later, and this is ${process.version}.`;
  return isInstalled() ? "" : "The dependencies are not installed: run `npm ci` first.";
}

const sentence = problem();
if (sentence !== "") {
  process.stderr.write(`\n${sentence}\n\n`);
  process.exitCode = 1;
}
