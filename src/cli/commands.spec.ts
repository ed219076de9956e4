import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { nettleCommand } from "./commands.ts";

/** Returns a command and all commands below it, by the words that call them. */
function commandsBelow(command: Command, words = ""): [string, Command][] {
  const below = command.commands.flatMap((one) =>
    commandsBelow(one, `${words} ${one.name()}`.trim()),
  );
  return [[words, command], ...below];
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

const program = nettleCommand();
const commands = commandsBelow(program);
const examples = commands.flatMap(([, command]) =>
  [...helpOf(command).matchAll(/^ {2}nettle (.*?)(?: {2,}.*)?$/gm)].map(([, line]) => line!),
);

describe("the help", () => {
  it.each(commands)("of `nettle %s` has a description and examples of it", (words, command) => {
    expect(command.description()).toMatch(/^\w/);
    expect(helpOf(command)).toMatch(new RegExp(`Examples:\n +nettle ${words}`));
  });

  it.each([...new Set(examples)])("gives the example `nettle %s`, which can be run", (line) => {
    const [name, ...more] = line.split(" ");
    if (name === "help") return expect(commands.map(([words]) => words)).toContain(more.join(" "));
    const found = commands
      .filter(([words]) => words && (line === words || line.startsWith(`${words} `)))
      .at(-1);
    const [words, command] = found!;
    const { unknown } = command.parseOptions(line.slice(words.length).trim().split(/\s+/));
    expect(unknown).toEqual([]);
  });

  it("lists the exit codes", () => {
    expect(helpOf(program)).toContain("Exit codes:\n  0 ");
  });
});
