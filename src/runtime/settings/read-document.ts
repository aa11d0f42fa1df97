// From the bytes of a settings file to one YAML document without surprises: no duplicate keys, tags or aliases.
import { readFileSync } from 'node:fs';
import { type Document, type LineCounter, parseDocument, visit, type YAMLError } from 'yaml';
import { SettingsRefused } from './settings-refused.ts';

/** @throws {SettingsRefused} when the file cannot be read or is not one plain YAML document. */
export function readDocument(path: string, lines: LineCounter): Document {
  const text = readText(path);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (offset: number, reason: string): never => {
    throw new SettingsRefused({ file: path, line: lines.linePos(offset).line }, reason);
  };

  const [problem] = [...document.errors, ...document.warnings];
  if (problem?.code === 'DUPLICATE_KEY') {
    const key = /[^\s:]+/.exec(text.slice(problem.pos[0]))?.[0];
    refuse(problem.pos[0], `the key ${key} stands here for the second time in its section; allowed: once.`);
  }
  if (problem) refuse(startOf(problem, document), `this is not valid YAML (${problem.message}).`);
  visit(document, {
    Alias: (_key, alias) =>
      refuse(alias.range?.[0] ?? 0, `*${alias.source} stands for a value; allowed: the value itself.`),
  });
  return document;
}

/** Where the mistake was made: an unclosed quote is noticed only at the end of the text that it swallows. */
function startOf(problem: YAMLError, document: Document): number {
  let start = problem.pos[0];
  visit(document, {
    Scalar: (_key, { range }) => {
      if (range && range[0] < start && range[1] >= start) start = range[0];
    },
  });
  return start;
}

function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsRefused({ file: path }, `the settings cannot be read (${reason}).`);
  }
}
