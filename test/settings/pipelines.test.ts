// The section `pipelines` of temporal.yaml: each fault of a contract is refused at start, with its line, its column and what is allowed;
// `oncepost pipelines` says the same of a file, and draws it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { oncepost } from '../harness/program.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../temporal.yaml'), 'utf8');
const [before = '', after = ''] = shipped.split(/^pipelines:\n[\s\S]*?(?=^limits:)/m);

const LETTER = `pipelines:
  letter:
    destination: blog
    zones: { news: "https://blog.example/news/{slug}/" }
    inputs: [{ name: brief.md, media_type: text/markdown }]
    stages:
      - id: write
        runner: human
        inputs: [brief.md]
        artifacts: [{ name: draft.md, media_type: text/markdown }]
      - id: check
        runner: command
        command: [./check.sh]
        inputs: [draft.md]
        artifacts: [{ name: check.json, media_type: application/json, schema: { type: object } }]
        gates: [no_markers]
        effect: idempotent
        terminal: checked
`;

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-pipelines-'));
  file = join(folder, 'temporal.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(section: string): string {
  writeFileSync(file, `${before}${section}${after}`);
  return file;
}

/** Where the last line of the section that holds this stands in the file. */
const lineOf = (section: string, words: string): number =>
  before.split('\n').length + section.split('\n').findLastIndex((line) => line.includes(words));

const at = 'pipelines.letter.stages';

describe('a contract is refused at start for', () => {
  test.each([
    [
      'a runner that there is not',
      ['runner: human', 'runner: robot'],
      ['runner: robot', 9],
      `${at}.0.runner is "robot"; allowed: one of builtin, command, http, mcp, human.`,
    ],
    [
      'a stage of ours that there is not',
      ['runner: human', 'runner: builtin\n        uses: rewrite'],
      ['uses: rewrite', 9],
      `${at}.0.uses is "rewrite"; allowed: one of baseline_review, text_reconciliation, final_review, approve, publish, live_qa.`,
    ],
    [
      'a stage that there is not',
      ['terminal: checked', 'next: publish'],
      ['next: publish', 9],
      `${at}.1.next: "publish" is no stage of this pipeline; allowed: write, check.`,
    ],
    [
      'a gate that there is not',
      ['gates: [no_markers]', 'gates: [no_markers, sealed]'],
      ['sealed', 29],
      `${at}.1.gates.1 is "sealed"; allowed: a list of approved, no_markers, provenance.`,
    ],
    [
      'an artifact without a media type',
      ['draft.md, media_type: text/markdown', 'draft.md'],
      ['artifacts: [{ name: draft.md }]', 21],
      `${at}.0.artifacts.0.media_type is missing; allowed: a media type such as text/markdown or application/json.`,
    ],
    [
      'a schema that nothing can be held to',
      ['schema: { type: object }', 'schema: { type: thing }'],
      ['type: thing', 71],
      `${at}.1.artifacts.0.schema is a group of keys; allowed: a JSON Schema as a group of keys, each with a value that JSON Schema (2020-12) gives it, and no reference to another document.`,
    ],
    [
      'an input that nobody makes',
      ['inputs: [draft.md]', 'inputs: [draft.md, plan.md]'],
      ['plan.md', 28],
      `${at}.1.inputs.1: "plan.md" is made by nobody; allowed: brief.md, draft.md.`,
    ],
    [
      'an input that only a later stage makes',
      ['inputs: [brief.md]', 'inputs: [brief.md, check.json]'],
      ['inputs: [brief.md, check.json]', 28],
      `${at}.0.inputs.1: "check.json" is made only by a later stage; allowed: brief.md.`,
    ],
    [
      'a way that goes round',
      ['terminal: checked', 'next: write'],
      ['next: write', 9],
      `${at}.1.next: the way leads from check back to write, so no run would end; allowed: a way that ends at a stage with terminal.`,
    ],
    [
      'a stage that goes on and ends at once',
      ['terminal: checked', 'terminal: checked\n        next: write'],
      ['next: write', 9],
      `${at}.1.next: check names both the stage after it and the word with which a run ends; allowed: next or terminal.`,
    ],
    [
      'no end',
      ['        terminal: checked\n', ''],
      ['id: check', 9],
      `${at}.1: check is the last stage and names no terminal; allowed: terminal, the state in which a run ends.`,
    ],
    [
      'a stage that nothing leads to',
      ['inputs: [brief.md]', 'inputs: [brief.md]\n        terminal: early'],
      ['id: check', 9],
      `${at}.1: no way leads to the stage check; allowed: a stage before it whose next is check.`,
    ],
    [
      'two stages that write one artifact',
      ['check.json, media_type: application/json', 'draft.md, media_type: text/markdown'],
      ['name: draft.md, media_type: text/markdown, schema', 23],
      `${at}.1.artifacts.0.name: "draft.md" is made twice, by the stage write and by the stage check; allowed: one maker of each artifact.`,
    ],
    [
      'two stages of one name',
      ['id: write', 'id: check'],
      ['id: check', 9],
      `${at}.1.id: two stages are called "check"; allowed: one of each name.`,
    ],
    [
      'an effect that happens once and is tried again',
      ['effect: idempotent', 'effect: once\n        retry: { attempts: 2 }'],
      ['attempts: 2', 18],
      `${at}.1.retry.attempts: an effect that must happen once is not tried again by itself; allowed: attempts 1, or effect idempotent.`,
    ],
    [
      'a stage of ours that lacks what it works on',
      ['runner: human', 'runner: builtin\n        uses: text_reconciliation'],
      ['inputs: [brief.md]', 9],
      `${at}.0.inputs: text_reconciliation needs "asset-plan.json" among its inputs.`,
    ],
    [
      'a publish without a destination',
      [/ {4}destination: blog\n([\s\S]*)runner: command\n.*\n/, '$1runner: builtin\n        uses: publish\n'],
      ['uses: publish', 9],
      `${at}.1.uses: publish needs the pipeline to name its destination and at least one zone.`,
    ],
  ] as const)('%s', (_what, [instead, by], [words, column], reason) => {
    const section = LETTER.replace(instead, by);
    const line = lineOf(section, words);
    expect(() => loadSettings(write(section))).toThrow(`temporal.yaml, line ${line}, column ${column}: ${reason}`);
  });
});

describe('oncepost pipelines', () => {
  test('says of a file that it can be used, by the version that runs will keep', async () => {
    const { code, stdout } = await oncepost(['pipelines', 'check', write(LETTER)], {});
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^letter: 2 stages, version [0-9a-f]{12}\nIt can be used\.\n$/),
    ]);
  });

  test('says what is wrong with a file, where, and that nothing was started', async () => {
    const section = LETTER.replace('runner: human', 'runner: robot');
    const { code, stdout, stderr } = await oncepost(['pipelines', 'check', write(section)], {});
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`line ${lineOf(section, 'robot')}, column 9: ${at}.0.runner is "robot"`);
    expect(stderr).toContain('nothing was started');
  });

  test('draws a pipeline as text', async () => {
    const { stdout } = await oncepost(['pipelines', 'show', 'letter', '--file', write(LETTER)], {});
    expect(stdout).toBe(`letter → blog
given: brief.md
zone news: https://blog.example/news/{slug}/
  │
  ▼
write (human)
  needs: brief.md
  makes: draft.md
  │
  ▼
check (command ./check.sh)
  gates: no_markers
  needs: draft.md
  makes: check.json
  effect: idempotent
  ends: checked
`);
  });

  test('draws a pipeline as a flow chart in Mermaid', async () => {
    const { stdout } = await oncepost(['pipelines', 'show', 'letter', '--mermaid', '--file', write(LETTER)], {});
    expect(stdout).toBe(`flowchart TD
  s_write["write<br/>human"]
  s_check["check<br/>command ./check.sh"]
  s_write -->|draft.md| s_check
  s_check --> end_(("checked"))
`);
  });

  test('names the pipelines that there are, where another was asked for', async () => {
    const { code, stderr } = await oncepost(['pipelines', 'show', 'poem', '--file', write(LETTER)], {});
    expect([code, stderr]).toEqual([1, expect.stringContaining('There is no pipeline "poem"; the file names letter.')]);
  });
});
