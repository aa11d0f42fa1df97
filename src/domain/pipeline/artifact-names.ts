// The names of artifacts: of one file, or, for pictures, of however many there are (`*.png`).

/** A name that is nobody's way to another place. */
const FILE_NAME = /^[A-Za-z0-9](?!.*\.\.)[\w.-]{0,99}$/;

export const isFileName = (name: string): boolean => FILE_NAME.test(name);

/** `*.png` stands for every file of that ending, also for none. */
export const isGroup = (name: string): boolean => name.startsWith('*.');

/** Whether a declared name, of one file or of a group, is that of this file. */
export function names(declared: string, file: string): boolean {
  return isGroup(declared) ? isFileName(file) && file.endsWith(declared.slice(1)) : declared === file;
}

/** What is declared of a file of this name; a name of its own before a group. */
export function declaredAs<Artifact extends { readonly name: string }>(
  artifacts: readonly Artifact[],
  file: string,
): Artifact | undefined {
  return artifacts.find(({ name }) => name === file) ?? artifacts.find(({ name }) => names(name, file));
}

/** Whether two declared names could mean one file. */
export const overlap = (one: string, other: string): boolean =>
  one === other || names(one, other) || names(other, one) || (isGroup(one) && isGroup(other) && endsAlike(one, other));

const endsAlike = (one: string, other: string): boolean => one.endsWith(other.slice(1)) || other.endsWith(one.slice(1));
