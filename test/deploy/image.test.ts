// The Dockerfile, checked without Docker: what it copies is there and let through, and what it runs it has copied.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composeFileSchema, parseCompose, root, textOf } from './compose-file.ts';

/** Instructions with their continuation lines joined, without comments. */
const instructions = textOf('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', '')
  .split('\n')
  .map((line) => line.replaceAll(/\s+/g, ' ').trim())
  .filter(Boolean);
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

/** What an instruction is given in the last stage, where it stands once. */
function only(instruction: string): string {
  const found = lastStage.filter((line) => line.startsWith(`${instruction} `));
  expect(found, instruction).toHaveLength(1);
  return (found[0] ?? '').slice(instruction.length + 1);
}

/** The sources of every COPY out of the repository, as against out of another stage. */
const copied = (lines: readonly string[]) =>
  lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1));

describe('the image', () => {
  test('is made in two stages on a slim Node 24', () => {
    expect(instructions.filter((line) => line.startsWith('FROM '))).toEqual([
      'FROM node:24-slim AS packages',
      'FROM node:24-slim',
    ]);
  });

  test('has exactly the locked packages, without those for development', () => {
    expect(instructions.filter((line) => line.includes('npm '))).toEqual([
      expect.stringMatching(/^RUN npm ci --omit=dev && rm -rf /),
    ]);
  });

  test('does not run as root, and everything after that needs no root', () => {
    expect(only('USER')).toBe('node');
    const after = lastStage.slice(lastStage.indexOf('USER node') + 1).map((line) => line.split(' ')[0]);
    expect(after).toEqual(['EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']);
  });

  test('starts the launcher, as the server unless told otherwise', () => {
    expect(JSON.parse(only('ENTRYPOINT'))).toEqual(['node', 'bin/oncepost.mjs']);
    expect(JSON.parse(only('CMD'))).toEqual(['server']);
    expect(statSync(join(root, 'bin/oncepost.mjs')).mode & 0o111).toBe(0o111);
  });

  test('asks after its own health with a program it has', () => {
    const { services } = composeFileSchema.parse(parseCompose(textOf('docker-compose.yml')));
    expect(only('HEALTHCHECK')).toMatch(/ CMD \["node", "tools\/health\/main\.ts", "server"\]$/);
    expect(services.server?.healthcheck?.test).toEqual(['CMD', 'node', 'tools/health/main.ts', 'server']);
    expect(services.worker?.healthcheck?.test).toEqual(['CMD', 'node', 'tools/health/main.ts', 'worker']);
    expect(copied(lastStage)).toContain('tools/health');
    expect(existsSync(join(root, 'tools/health/main.ts'))).toBe(true);
  });

  test.each(copied(instructions))('gets %s, which is in the repository and let through by .dockerignore', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
    const ignore = textOf('.dockerignore').split('\n');
    expect(ignore).toContain('*');
    expect(ignore).toContain(`!${path}`);
  });

  test('gets nothing else, so no secret lying about can end up in it', () => {
    const letThrough = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect([...new Set(copied(instructions))].sort()).toEqual(letThrough.sort());
  });
});
