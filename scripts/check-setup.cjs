// Runs before each build: what is missing is said in a sentence. It must be readable by any Node.js.
var existsSync = require("fs").existsSync;
var join = require("path").join;

var root = join(__dirname, "..");
var needed = require("../package.json").engines.node.replace(">=", "");

function isOldNode() {
  var own = process.versions.node.split(".").map(Number);
  var least = needed.split(".").map(Number);
  return own[0] < least[0] || (own[0] === least[0] && own[1] < least[1]);
}

var problem = isOldNode()
  ? "Nettle needs Node.js " + needed + " or later, and this is " + process.version + "."
  : existsSync(join(root, "node_modules", "esbuild"))
    ? undefined
    : "The dependencies are not installed: run `npm ci` first.";

if (problem) {
  console.error("\n" + problem + "\n");
  process.exitCode = 1;
}
