// Words of a closed vocabulary as arguments of a command.
import { CommandRefused } from './command-refused.ts';

/** @throws CommandRefused that lists the words there are */
export function oneOf<Word extends string>(
  option: string,
  words: Readonly<Record<Word, unknown>>,
  given: string,
): Word {
  const isWord = (word: string): word is Word => Object.hasOwn(words, word);
  if (isWord(given)) return given;
  throw new CommandRefused(
    `${option} "${given}" is not known, so nothing was asked; known are ${Object.keys(words).join(', ')}.`,
  );
}
