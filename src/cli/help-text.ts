import type { Command } from "commander";
import { nearestWord } from "../core/nearest-word.ts";

/** A line of a command's help: the words after `nettle`, and what they do. */
export type Example = readonly [words: string, effect?: string];

/** Adds examples below the help of a command, and perhaps sentences after them. */
export function withExamples(
  command: Command,
  examples: readonly Example[],
  sentences = "",
): Command {
  const width = Math.max(...examples.map(([words, effect]) => (effect ? words.length : 0)));
  const lines = examples.map(([words, effect]) =>
    effect ? `  nettle ${words.padEnd(width)}  ${effect}` : `  nettle ${words}`,
  );
  const text = ["", "Examples:", ...lines, ...(sentences ? ["", sentences] : [])];
  return command.addHelpText("after", text.join("\n"));
}

/**
 * Lets a group of commands work without a word, too, as `run` does. A word that is none of its
 * commands is refused with the one that may be meant.
 */
export function withoutWord<Options>(
  group: Command,
  run: (options: Options) => Promise<void>,
): Command {
  return group.allowExcessArguments(true).action((options: Options, command: Command) => {
    const [word] = command.args;
    if (word !== undefined) refuseWord(group, word);
    return run(options);
  });
}

function refuseWord(group: Command, word: string): never {
  const nearest = nearestWord(
    word,
    group.commands.map((command) => command.name()),
  );
  const hint = nearest === undefined ? "" : `\n(Did you mean ${nearest}?)`;
  return group.error(`error: unknown command '${word}'${hint}`);
}
