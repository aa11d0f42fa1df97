// Stages done by programs: what a program is told, what it may answer, and what is left of it afterwards, which is nothing.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../harness/until.ts';
import { type Bench, filesOf, keptOf, MADE_BOTH, makeBench, runs } from './programs.ts';
import { DRAFT, input } from './stage-work.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => {
  expect(bench.warnings).toEqual([]);
  expect(bench.leftFolders()).toEqual([]);
  bench.remove();
});

describe('a program', () => {
  test('of three lines of shell makes what lies in its folder', async () => {
    const command = bench.shell(`tr a-z A-Z < draft.md > styled.md
echo '{"loud": true}' > style.json
echo '{}'`);
    expect(filesOf(await bench.run(command))).toEqual({
      'styled.md': '# GRüßE\n\nÜBER ALLES.\n',
      'style.json': '{"loud": true}\n',
    });
  });

  test('is told the run, the stage, what it was given and what it is to make', async () => {
    const command = bench.node(`
      import { readFileSync, writeFileSync } from 'node:fs';
      const told = JSON.parse(readFileSync(0, 'utf8'));
      const read = told.inputs.map(({ path }) => readFileSync(path, 'base64'));
      writeFileSync(told.outputs[0].path, 'made');
      console.log(JSON.stringify({ artifacts: { 'style.json': { told, read, cwd: process.cwd() } }, evidence: { tokens: 12 } }));`);
    const picture = input('picture.png', 'image/png', new Uint8Array([0, 255, 254, 10]));
    const end = await bench.run(command, { given: [DRAFT, picture] });
    expect(end).toMatchObject({ kind: 'made', evidence: { tokens: 12 } });
    const { 'style.json': json = '', 'styled.md': text } = filesOf(end);
    expect(text).toBe('made');
    const { told, read, cwd } = JSON.parse(json);
    expect(told).toEqual({
      run: { id: '20261128-080000-hello', pipeline: 'article', slug: 'hello', zone: 'news', title: 'Hello' },
      stage: { id: 'style', attempt: 2, key: 'key-of-this-stage-0001' },
      inputs: [
        {
          name: 'draft.md',
          mediaType: 'text/markdown',
          sha256: createHash('sha256').update('# Grüße\n\nÜber alles.\n').digest('hex'),
          path: join(cwd, 'draft.md'),
        },
        { name: 'picture.png', mediaType: 'image/png', sha256: picture.sha256, path: join(cwd, 'picture.png') },
      ],
      outputs: [
        { name: 'styled.md', mediaType: 'text/markdown', path: join(cwd, 'styled.md') },
        { name: 'style.json', mediaType: 'application/json', path: join(cwd, 'style.json') },
      ],
    });
    expect(read).toEqual(['IyBHcsO8w59lCgrDnGJlciBhbGxlcy4K', 'AP/+Cg==']);
    expect(existsSync(cwd)).toBe(false);
  });

  test('sees nothing of the environment but what it needs and what its stage names', async () => {
    bench.env.MODEL = 'small';
    bench.env.HOME = '/home/of/the/worker';
    const command = bench.node(`
      import { statSync } from 'node:fs';
      const mode = (statSync('.').mode & 0o777).toString(8);
      console.log(JSON.stringify({ artifacts: { 'styled.md': mode, 'style.json': { ...process.env, cwd: process.cwd() } } }));`);
    const { 'style.json': json = '', 'styled.md': mode } = filesOf(
      await bench.run(command, { env: ['MODEL', 'HOME', 'NOT_SET'] }),
    );
    const { cwd, ...environment } = JSON.parse(json);
    expect(environment).toEqual({
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: cwd,
      TMPDIR: cwd,
      MODEL: 'small',
      ONCEPOST_STAGE_KEY: 'key-of-this-stage-0001',
    });
    expect(mode).toBe('700');
  });

  test('may give a text, a path of its folder or JSON', async () => {
    const command = bench.node(`
      import { mkdirSync, writeFileSync } from 'node:fs';
      mkdirSync('deep/er', { recursive: true });
      writeFileSync('deep/er/file', 'by its path');
      console.log(JSON.stringify({ artifacts: { 'styled.md': { path: 'deep/er/file' }, 'style.json': [1, { path: 'x' }] } }));`);
    expect(filesOf(await bench.run(command))).toEqual({ 'styled.md': 'by its path', 'style.json': '[1,{"path":"x"}]' });
  });

  test('need not read what it is told, however much that is', async () => {
    const command = bench.shell(`exec 0<&-; echo '${MADE_BOTH}'`);
    const given = Array.from({ length: 500 }, (_, at) => input(`${'long-'.repeat(18)}${at}`, 'text/plain', ''));
    expect((await bench.run(command, { given })).kind).toBe('made');
  });

  test('that works for long is said to be alive', async () => {
    const go = join(bench.home, 'go');
    const command = bench.shell(`while [ ! -e "$1" ]; do sleep 0.05; done; echo '${MADE_BOTH}'`);
    const run = bench.run([...command, './go']);
    await until('three heartbeats', () => bench.beats() >= 3);
    writeFileSync(go, '');
    expect((await run).kind).toBe('made');
  });

  test('that refuses did nothing, even where its effect happens once', async () => {
    const command = bench.shell(`echo '{"refused": "the site is closed on Sundays"}'`);
    expect(await bench.run(command, { effect: 'once' })).toMatchObject({
      kind: 'failed',
      cause: { code: 'refused', text: expect.stringContaining('the site is closed on Sundays') },
    });
  });
});

/** The numbers that the programs of a test wrote down. */
function numbers(): number[] {
  const path = join(bench.home, 'pids');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : [];
}

const sleeper = (how: string) =>
  `${how} sh -c 'trap "" TERM HUP; echo $$ >> "$1"; while :; do sleep 0.1; done' sh "$1"`;

/** Ways to start a process that outlives the program. */
const ESCAPES = {
  'in its process group': sleeper(''),
  'in a session of its own': sleeper('setsid'),
  'in a session of its own, with its output closed': `${sleeper('setsid nohup')} </dev/null >/dev/null 2>&1`,
} as const;

describe('of a program', () => {
  test.each(Object.entries(ESCAPES))('that leaves another one %s nothing runs on', async (_, start) => {
    const command = bench.shell(`${start} &
while [ ! -s "$1" ]; do sleep 0.02; done
echo '${MADE_BOTH}'`);
    const end = await bench.run([...command, './pids']);
    expect(end).toMatchObject({
      kind: 'failed',
      cause: { code: 'child_left_behind', text: expect.stringContaining('left another one running') },
    });
    const pids = numbers();
    expect(pids).toHaveLength(1);
    expect(pids.filter(runs)).toEqual([]);
  });

  test.each(Object.entries(ESCAPES))(
    'that is ended at its time nothing runs on, with another one %s',
    async (_, start) => {
      const command = bench.shell(`trap '' TERM; echo $$ >> "$1"; ${start} & ${start}`);
      const end = await bench.run([...command, './pids'], { timeoutMs: 1_500 });
      expect(end).toMatchObject({ kind: 'failed', cause: { code: 'timed_out' } });
      const pids = numbers();
      expect(pids).toHaveLength(3);
      expect(pids.filter(runs)).toEqual([]);
    },
  );

  test('that is stopped, nothing runs on', async () => {
    const stop = new AbortController();
    const command = bench.shell(`echo $$ >> "$1"; ${ESCAPES['in a session of its own']} & wait`);
    const running = bench.run([...command, './pids'], { signal: stop.signal });
    await until('both run', () => numbers().length === 2);
    stop.abort();
    expect(await running).toMatchObject({ kind: 'failed', cause: { code: 'stopped' } });
    expect(numbers().filter(runs)).toEqual([]);
  });

  test('that is stopped, an effect that happens once is unknown', async () => {
    const stop = new AbortController();
    const command = bench.shell(`echo $$ >> "$1"; sleep 60`);
    const running = bench.run([...command, './pids'], { signal: stop.signal, effect: 'once' });
    await until('it runs', () => numbers().length === 1);
    stop.abort();
    expect(await running).toMatchObject({ kind: 'unknown', cause: { code: 'outcome_unknown' } });
    expect(numbers().filter(runs)).toEqual([]);
  });

  test('nothing is started where the attempt is over', async () => {
    const command = bench.shell(`echo $$ >> "$1"`);
    const end = await bench.run([...command, './pids'], { signal: AbortSignal.abort(), effect: 'once' });
    expect(end).toMatchObject({ kind: 'failed', cause: { code: 'stopped' } });
    expect(numbers()).toEqual([]);
    await bench.run(bench.shell('exit 0'));
  });

  test('that is suspended nothing stays', async () => {
    const command = bench.shell(`echo $$ >> "$1"; kill -STOP $$`);
    const end = await bench.run([...command, './pids'], { timeoutMs: 700 });
    expect(end).toMatchObject({ kind: 'failed', cause: { code: 'timed_out' } });
    expect(numbers().filter(runs)).toEqual([]);
  });

  test('what hid from us is told, where it holds the output', async () => {
    const command = bench.shell(`${sleeper('setsid env -i PATH="$PATH"')} &
while [ ! -s "$1" ]; do sleep 0.02; done
echo '${MADE_BOTH}'`);
    const end = await bench.run([...command, './pids']);
    const [pid = 0] = numbers();
    expect(runs(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    await until('it is gone', () => !runs(pid));
    expect(end).toMatchObject({
      kind: 'failed',
      cause: { code: 'child_left_behind', text: expect.stringContaining('could not be ended: end them by hand') },
    });
  });

  test('a short-lived helper may still be ending', async () => {
    const command = bench.shell(`(sleep 0.1) & echo '${MADE_BOTH}'`);
    expect((await bench.run(command)).kind).toBe('made');
  });

  test('the folder goes whole, and what a link leads to stays', async () => {
    writeFileSync(join(bench.home, 'precious'), 'kept');
    const command = bench.shell(`mkdir -p a/b; echo x > a/b/c; chmod 400 a/b/c; chmod 500 a/b a
ln -s "$1" link; ln -s "$(dirname "$1")" folder; mkfifo pipe; chmod 000 draft.md; chmod 500 .
echo '${MADE_BOTH}'`);
    expect((await bench.run([...command, './precious'])).kind).toBe('made');
    expect(readFileSync(join(bench.home, 'precious'), 'utf8')).toBe('kept');
  });
});

describe('a secret that a program was given', () => {
  const SECRET = 'sk live/7f3a+9c"2e';
  const told = { env: ['MODEL_KEY'] };
  beforeEach(() => {
    bench.env.MODEL_KEY = SECRET;
  });
  const forms = [SECRET, 'live/7f3a+9c', '7f3a', 'c2sgbGl2ZS83ZjNhKzljIjJl', 'sk%20live'];

  test.each([
    ['on stderr', `console.error('key is ' + k); process.exitCode = 1;`],
    ['in JSON on stderr', `console.error(JSON.stringify({ k })); process.exitCode = 1;`],
    ['in Base64 on stderr', `console.error(Buffer.from(k).toString('base64')); process.exitCode = 1;`],
    ['in an address on stderr', `console.error('GET /?k=' + encodeURIComponent(k)); process.exitCode = 1;`],
    ['in colours on stderr', `console.error(k.slice(0, 6) + '\\u001b[31m' + k.slice(6)); process.exitCode = 1;`],
    ['at the cut of stderr', `process.stderr.write(k + 'x'.repeat(65536 - 7)); process.exitCode = 1;`],
    ['over and over on stderr', `process.stderr.write(k.repeat(20000)); process.exitCode = 1;`],
    ['on stdout in place of JSON', `console.log(k);`],
    ['in a refusal', `console.log(JSON.stringify({ refused: 'not with ' + k }));`],
    ['in the name of an artifact', `console.log(JSON.stringify({ artifacts: { [k]: '' } }));`],
    ['in an artifact', `console.log(JSON.stringify({ artifacts: { 'styled.md': 'a ' + k, 'style.json': {} } }));`],
    [
      'in evidence',
      `console.log(JSON.stringify({ artifacts: { 'styled.md': '', 'style.json': {} }, evidence: { [k]: [k] } }));`,
    ],
  ])('is nowhere when it says it %s', async (_, source) => {
    const end = await bench.run(bench.node(`const k = process.env.MODEL_KEY; ${source}`), told);
    const kept = keptOf(end);
    for (const form of forms) expect(kept).not.toContain(form);
  });

  test('is nowhere when it is long and the cut of stderr goes through it', async () => {
    const long = Array.from({ length: 600 }, (_, at) => `${at}`.padStart(5, 'k')).join('');
    bench.env.MODEL_KEY = long;
    const source = `process.stderr.write(process.env.MODEL_KEY.repeat(50)); process.exitCode = 1;`;
    const kept = keptOf(await bench.run(bench.node(source), told));
    expect(kept).toContain('[redacted]');
    expect(kept).not.toContain(long.slice(-20));
  });

  test('in an artifact names the variable', async () => {
    const source = `console.log(JSON.stringify({ artifacts: { 'styled.md': process.env.MODEL_KEY, 'style.json': {} } }));`;
    expect(await bench.run(bench.node(source), told)).toMatchObject({
      kind: 'failed',
      cause: { code: 'answer_misfit', text: expect.stringContaining('"styled.md" holds the value of MODEL_KEY') },
    });
  });

  test('is masked by its shape, though nobody gave it', async () => {
    const end = await bench.run(bench.shell(`echo 'Authorization: Bearer abcdefghijklmnop' >&2; exit 1`), told);
    expect(keptOf(end)).not.toContain('abcdefghijklmnop');
    expect(keptOf(end)).toContain('Authorization: [redacted]');
  });
});
