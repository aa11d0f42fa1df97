// What programs do wrong, and the cause that each is told by.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, MADE_BOTH, makeBench } from './programs.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => {
  expect(bench.warnings).toEqual([]);
  expect(bench.leftFolders()).toEqual([]);
  bench.remove();
});

interface Bad {
  readonly what: string;
  readonly source: string;
  readonly told?: Parameters<Bench['run']>[1];
  readonly code: string;
  readonly says: string | RegExp;
  /** A part of its last words. */
  readonly raw?: string;
}

const say = (answer: string) => `process.stdout.write(${JSON.stringify(answer)});`;
const artifacts = (styled: string) => say(`{"artifacts": {"styled.md": ${styled}, "style.json": {}}}`);

const BAD: readonly Bad[] = [
  {
    what: 'ends with a status',
    source: `console.error('first'); console.error('no model is loaded'); process.exitCode = 3; ${say(MADE_BOTH)}`,
    code: 'program_failed',
    says: 'ended with status 3',
    raw: 'first\nno model is loaded',
  },
  {
    what: 'is killed',
    source: `process.kill(process.pid, 'SIGKILL');`,
    code: 'program_failed',
    says: 'was killed by SIGKILL',
  },
  { what: 'says nothing', source: '', code: 'answer_unreadable', says: 'is empty' },
  { what: 'says no JSON', source: say('done!'), code: 'answer_unreadable', says: 'is not JSON in UTF-8', raw: 'done!' },
  { what: 'says two objects', source: say('{}\n{}'), code: 'answer_unreadable', says: 'is not JSON in UTF-8' },
  { what: 'says a list', source: say('[]'), code: 'answer_unreadable', says: 'is not what a stage may answer' },
  {
    what: 'says a key of its own',
    source: say('{"artefacts": {}}'),
    code: 'answer_unreadable',
    says: 'is not what a stage may answer',
  },
  {
    what: 'says JSON in Latin-1',
    source: `process.stdout.write(Buffer.from('{"refused": "Grüße"}', 'latin1'));`,
    code: 'answer_unreadable',
    says: 'is not JSON in UTF-8',
  },
  {
    what: 'says JSON without end of depth',
    source: say(`${'['.repeat(30_000)}${']'.repeat(30_000)}`),
    code: 'answer_unreadable',
    says: 'is not JSON in UTF-8',
  },
  {
    what: 'makes what is not declared',
    source: say('{"artifacts": {"other.md": "x"}}'),
    code: 'answer_misfit',
    says: 'It made "other.md", which the stage does not declare; allowed: styled.md, style.json.',
  },
  {
    what: 'does not make what is declared',
    source: say('{"artifacts": {"styled.md": "x"}}'),
    code: 'answer_misfit',
    says: '"style.json" was not made',
  },
  { what: 'gives a text as a number', source: artifacts('7'), code: 'answer_misfit', says: 'It gave "styled.md" as 7' },
  {
    what: 'gives a text as JSON',
    source: artifacts('{"a": 1}'),
    code: 'answer_misfit',
    says: 'It gave "styled.md" as JSON',
  },
  {
    what: 'names a path with dots',
    source: artifacts('{"path": "../../etc/passwd"}'),
    code: 'answer_misfit',
    says: 'leads out of its folder',
  },
  {
    what: 'names a whole path elsewhere',
    source: artifacts('{"path": "/etc/passwd"}'),
    code: 'answer_misfit',
    says: 'leads out of its folder',
  },
  {
    what: 'names its folder',
    source: artifacts('{"path": "."}'),
    code: 'answer_misfit',
    says: 'leads out of its folder',
  },
  {
    what: 'makes a link to a file elsewhere',
    source: `import { symlinkSync } from 'node:fs'; symlinkSync('/etc/passwd', 'styled.md'); ${say('{"artifacts": {"style.json": {}}}')}`,
    code: 'answer_misfit',
    says: 'leads out of its folder',
  },
  {
    what: 'makes a folder that is a link elsewhere',
    source: `import { symlinkSync } from 'node:fs'; symlinkSync('/etc', 'etc'); ${artifacts('{"path": "etc/passwd"}')}`,
    code: 'answer_misfit',
    says: 'leads out of its folder',
  },
  {
    what: 'makes a second name of a file elsewhere',
    source: `import { linkSync } from 'node:fs'; linkSync(process.argv[1], 'styled.md'); ${say('{"artifacts": {"style.json": {}}}')}`,
    code: 'answer_misfit',
    says: 'a file with a second name',
  },
  {
    what: 'makes a named pipe',
    source: `import { execFileSync } from 'node:child_process'; execFileSync('mkfifo', ['styled.md']); ${say('{"artifacts": {"style.json": {}}}')}`,
    code: 'answer_misfit',
    says: '"styled.md" is no plain file',
  },
  {
    what: 'makes a folder of that name',
    source: `import { mkdirSync } from 'node:fs'; mkdirSync('styled.md'); ${say('{"artifacts": {"style.json": {}}}')}`,
    code: 'answer_misfit',
    says: '"styled.md" is no plain file',
  },
  {
    what: 'makes a file that is too large',
    source: `import { writeFileSync } from 'node:fs'; writeFileSync('styled.md', 'x'.repeat(2000)); ${say('{"artifacts": {"style.json": {}}}')}`,
    told: { maxOutputBytes: 1_999 },
    code: 'output_too_large',
    says: 'With "styled.md" it made more than the 1999 bytes',
  },
  {
    what: 'says too much and ends',
    source: say('x'.repeat(1_025)),
    told: { maxOutputBytes: 1_024 },
    code: 'output_too_large',
    says: 'said more than its 1024 bytes',
  },
  {
    what: 'says too much without end',
    source: `const more = () => process.stdout.write('x'.repeat(65536), more); more(); process.on('SIGTERM', () => {});`,
    code: 'output_too_large',
    says: 'said more than its 65536 bytes and was ended',
  },
  {
    what: 'takes too long',
    source: `console.error('still at it'); setInterval(() => {}, 1000);`,
    told: { timeoutMs: 700 },
    code: 'timed_out',
    says: 'took longer than its 0.7 s',
  },
  {
    what: 'takes too long and will not end',
    source: `process.on('SIGTERM', () => console.error('no')); setInterval(() => {}, 1000);`,
    told: { timeoutMs: 700 },
    code: 'timed_out',
    says: 'took longer than its 0.7 s',
  },
];

describe('a program that', () => {
  test.each(BAD)('$what has failed, and said why', async ({ source, told, code, says, raw = '' }) => {
    const end = await bench.run(bench.node(source), told);
    expect(end).toMatchObject({
      kind: 'failed',
      cause: { code, text: expect.stringMatching(says instanceof RegExp ? says : escaped(says)) },
    });
    expect(end.kind === 'failed' && end.cause.raw).toContain(raw);
  });

  test.each(BAD)('$what may have taken effect, where that happens once', async ({ source, told }) => {
    const end = await bench.run(bench.node(source), { ...told, effect: 'once' });
    expect(end).toMatchObject({
      kind: 'unknown',
      cause: { code: 'outcome_unknown', text: expect.stringContaining('may have taken effect') },
    });
  });

  test.each(['none', 'idempotent', 'once'] as const)(
    'is not there has done nothing, with effect %s',
    async (effect) => {
      expect(await bench.run(['no-such-program', 'x'], { effect })).toMatchObject({
        kind: 'failed',
        cause: { code: 'program_missing', text: expect.stringContaining('could not be started (ENOENT)') },
      });
    },
  );

  test('may not be executed has done nothing', async () => {
    writeFileSync(join(bench.home, 'data'), 'no program', { mode: 0o600 });
    expect(await bench.run(['./data'])).toMatchObject({ kind: 'failed', cause: { code: 'program_missing' } });
    expect(await bench.run(['a\0b'])).toMatchObject({ kind: 'failed', cause: { code: 'program_missing' } });
  });

  test('floods stderr is heard to its end only', async () => {
    const command = bench.shell(
      `yes 0123456789012345678901234567890123456789 | head -n 1500000 >&2; echo last words >&2; exit 1`,
    );
    const end = await bench.run(command);
    const raw = end.kind === 'failed' ? end.cause.raw : '';
    expect(raw.length).toBeLessThanOrEqual(4_000);
    expect(raw).toMatch(/^(?:0123456789){4}\n.*0123456789\nlast words$/s);
  });
});

function escaped(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
