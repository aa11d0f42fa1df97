// The section `mcp_servers` of temporal.yaml: taken as it is written, or refused with its line, its key and what is allowed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEnv } from '../../src/runtime/env.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';
import { SettingsRefused } from '../../src/runtime/settings/settings-refused.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../temporal.yaml'), 'utf8');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-mcp-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const WHOLE = `
mcp_servers:
  site:
    url: https://site.example/mcp
    secret_env: ONCEPOST_MCP_SITE_TOKEN
    timeout: 30s
    pinned_tools: { create_post: ${'ab'.repeat(32)} }
    create:
      tool: create_post
      arguments: { title: "{title}", slug: "{slug}", body: { html: "{html}" }, tags: "{tags}", live: true, key: "{idempotency_key}" }
    lookup:
      tool: get_post
      arguments: { key: "{idempotency_key}" }
      found: /found
    answers:
      - { id: /post/id, slug: /post/slug, canonical_url: /post/canonical }
      - { url: /link, slug: /slug, status: /status }
  program:
    command: [node, server.mjs, --quiet]
    env: [HOME, SITE_URL]
`;

function load(section: string) {
  const file = join(folder, 'temporal.yaml');
  writeFileSync(file, shipped + section);
  return loadSettings(file).mcpServers;
}

test('it is taken whole', () => {
  expect(load(WHOLE)).toEqual({
    site: {
      name: 'site',
      reach: { kind: 'http', url: 'https://site.example/mcp' },
      secretVariable: 'ONCEPOST_MCP_SITE_TOKEN',
      timeoutMs: 30_000,
      pinnedTools: { create_post: 'ab'.repeat(32) },
      publishing: {
        create: {
          tool: 'create_post',
          arguments: {
            title: '{title}',
            slug: '{slug}',
            body: { html: '{html}' },
            tags: '{tags}',
            live: true,
            key: '{idempotency_key}',
          },
        },
        lookup: { tool: 'get_post', arguments: { key: '{idempotency_key}' }, found: '/found' },
        answers: [
          { id: '/post/id', slug: '/post/slug', canonicalUrl: '/post/canonical' },
          { url: '/link', slug: '/slug', status: '/status' },
        ],
      },
    },
    program: {
      name: 'program',
      reach: { kind: 'stdio', program: 'node', args: ['server.mjs', '--quiet'], variables: ['HOME', 'SITE_URL'] },
      secretVariable: null,
      timeoutMs: null,
      pinnedTools: {},
      publishing: null,
    },
  });
});

describe('one wrong line is refused', () => {
  const at = 'mcp_servers.site';
  const variables =
    'a list of names of variables; those of Oncepost itself are handed to nobody, but for ONCEPOST_MCP_....';
  const REFUSALS: readonly (readonly [name: string, line: string, instead: string, reason: string, ...at: string[]])[] =
    [
      [
        'a token in the place of its variable',
        '    secret_env:',
        '    secret_env: tok-1234',
        `${at}.secret_env is "tok-1234"; allowed: the name of a variable that begins with ONCEPOST_MCP_, in capitals, digits and underscores.`,
      ],
      [
        'a password in the address',
        '    url:',
        '    url: https://me:pw@site.example/mcp',
        `${at}.url is "https://me:pw@site.example/mcp"; allowed: an http or https address without a name and password in it.`,
      ],
      [
        'a secret of ours for a program',
        '    env:',
        '    env: [ONCEPOST_SECRET_KEY]',
        `mcp_servers.program.env.0 is "ONCEPOST_SECRET_KEY"; allowed: ${variables}`,
      ],
      [
        'the database for a program',
        '    env:',
        '    env: [DATABASE_URL]',
        `mcp_servers.program.env.0 is "DATABASE_URL"; allowed: ${variables}`,
      ],
      [
        'a key that is none',
        '    timeout:',
        '    timeuot: 30s',
        `${at}.timeuot is not a setting; allowed: the keys url, command, env, secret_env, timeout, pinned_tools, create, lookup, answers.`,
      ],
      [
        'a wait that no attempt has time for',
        '    timeout:',
        '    timeout: 2m',
        `${at}.timeout is 2m, but timeouts.answer is 1m; allowed: 1m or less, because an attempt keeps no more time for an answer.`,
      ],
      [
        'a digest that is none',
        '    pinned_tools:',
        '    pinned_tools: { create_post: abc }',
        `${at}.pinned_tools.create_post is "abc"; allowed: the SHA-256 digest of a tool: 64 hex digits.`,
      ],
      [
        'a pointer that is none',
        '      found:',
        '      found: post.found',
        `${at}.lookup.found is "post.found"; allowed: a JSON Pointer, like /post/id.`,
      ],
      [
        'a shape that names no page',
        '      - { url:',
        '      - { slug: /slug }',
        `${at}.answers.1 names no page; allowed: a shape with id or url.`,
      ],
      [
        'a key that the create does not say',
        '      arguments: { title:',
        '      arguments: { title: "{title}", slug: "{slug}", html: "{html}" }',
        `${at}.lookup.arguments asks by "{idempotency_key}", which create does not say; allowed: in both.`,
        '      arguments: { key:',
      ],
      [
        'a page without a text',
        '      arguments: { title:',
        '      arguments: { title: "{title}", slug: "{slug}", key: "{idempotency_key}" }',
        `${at}.create.arguments has no text; allowed: arguments with "{html}" or "{markdown}".`,
      ],
      [
        'a lookup by the title',
        '      arguments: { key:',
        '      arguments: { key: "{title}" }',
        `${at}.lookup.arguments asks by "{title}"; allowed: "{slug}" or "{idempotency_key}", and "{zone}".`,
      ],
    ];
  test.each(REFUSALS)('%s', (_name, begin, instead, reason, ...[atLine = instead]) => {
    const edited = WHOLE.split('\n').map((line) => (line.startsWith(begin) ? instead : line));
    const line = shipped.split('\n').length + edited.findIndex((one) => one.startsWith(atLine));
    expect(() => load(edited.join('\n'))).toThrow(SettingsRefused);
    const inList = /^\S+\.\d+ /.test(reason) ? ', column 11' : '';
    expect(() => load(edited.join('\n'))).toThrow(`temporal.yaml, line ${line}${inList}: ${reason}`);
  });

  test.each([
    ['no way to reach it', '    command:', `mcp_servers.program is reached in no way; allowed: either url or command.`],
    [
      'no way to read its answers',
      '    answers:',
      `${at} creates pages, but has no answers that say how to read one; allowed: both.`,
    ],
  ])('%s', (_name, gone, reason) => {
    const follows = gone === '    answers:' ? '      - {' : gone;
    const lines = WHOLE.split('\n').filter((line) => !line.startsWith(gone) && !line.startsWith(follows));
    expect(() => load(lines.join('\n'))).toThrow(reason);
  });

  test('a placeholder that there is not is refused with those that there are', () => {
    expect(() => load(WHOLE.replace('"{tags}"', '"{labels}"'))).toThrow('"{title}", "{slug}", "{zone}", "{html}"');
  });
});

test('a program may be given no variable of ours but the tokens of servers', () => {
  const env = readEnv({
    PATH: '/bin',
    ONCEPOST_MCP_SITE: 't',
    ONCEPOST_NOTIFY_A: 's',
    TEMPORAL_API_KEY: 'k',
    DATABASE_URL: 'postgres://h/d',
  });
  expect(env.forPrograms).toEqual({ PATH: '/bin', ONCEPOST_MCP_SITE: 't' });
});
