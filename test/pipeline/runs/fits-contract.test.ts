// What a stage made, held against its contract.
import { describe, expect, test } from 'vitest';
import type { ArtifactSpec } from '../../../src/domain/pipeline/contract.ts';
import { misfitOf } from '../../../src/pipeline/runs/fits-contract.ts';

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://example.com/plan',
  type: 'object',
  required: ['assets'],
  additionalProperties: false,
  properties: {
    assets: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'kind'],
        properties: {
          id: { type: 'string', pattern: '^[a-z]+$' },
          kind: { enum: ['diagram', 'image'] },
          made: { type: 'string', format: 'date-time' },
        },
      },
    },
    pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
    'a/b': { const: 1 },
  },
};

const plan: ArtifactSpec = { name: 'plan.json', mediaType: 'application/json', schema: SCHEMA };

/** The sentence on what does not fit; null: all fits. */
function sentence(
  artifacts: readonly ArtifactSpec[],
  made: Readonly<Record<string, string | Uint8Array>> | readonly [string, string][],
) {
  const entries: readonly (readonly [string, string | Uint8Array])[] = Array.isArray(made)
    ? made
    : Object.entries(made);
  const files = entries.map(([name, content]) => ({ name, bytes: Buffer.from(content) }));
  const cause = misfitOf({ artifacts }, files);
  if (cause) expect(cause.code).toBe('answer_misfit');
  return cause?.text ?? null;
}

const planned = (value: unknown) => sentence([plan], { 'plan.json': JSON.stringify(value) });

describe('what a stage made', () => {
  test('fits where each artifact is there and is what it is called', () => {
    const artifacts = [
      plan,
      { name: 'draft.md', mediaType: 'text/markdown' },
      { name: 'feed', mediaType: 'application/feed+json' },
      { name: 'a.png', mediaType: 'image/png' },
    ];
    const made = {
      'draft.md': '\uFEFF# Grüße 👋',
      feed: '[1]',
      'a.png': Uint8Array.from(Buffer.from('89504e470d0a1a0a00000000', 'hex')),
      'plan.json': '{"assets": []}',
    };
    expect(sentence(artifacts, made)).toBeNull();
    expect(sentence([], {})).toBeNull();
  });

  test.each<[string, readonly ArtifactSpec[], Parameters<typeof sentence>[1], string]>([
    ['is missing', [plan], {}, '"plan.json" was not made.'],
    ['is another', [], { 'x.md': '' }, '"x.md" is not declared by the stage; allowed: nothing, each once.'],
    [
      'came twice',
      [{ name: 'x', mediaType: 'text/plain' }],
      [
        ['x', '1'],
        ['x', '2'],
      ],
      '"x" was made twice',
    ],
    [
      'is no UTF-8',
      [{ name: 'x', mediaType: 'text/plain' }],
      { x: new Uint8Array([0xc3]) },
      '"x" is text/plain, but its bytes are not UTF-8.',
    ],
    ['is JSON in Latin-1', [plan], { 'plan.json': new Uint8Array([0x22, 0xfc, 0x22]) }, 'its bytes are not UTF-8'],
    ['is no JSON', [plan], { 'plan.json': '{"assets": []' }, '"plan.json" is not JSON.'],
    ['is JSON with a byte order mark', [plan], { 'plan.json': '\uFEFF{}' }, '"plan.json" is not JSON.'],
    [
      'is JSON without end of depth',
      [plan],
      { 'plan.json': `${'['.repeat(5_000)}${']'.repeat(5_000)}` },
      'nested deeper than a hundred',
    ],
  ])('does not fit where one %s', (_, artifacts, made, says) => {
    expect(sentence(artifacts, made)).toContain(says);
  });

  test.each([
    [[], 'the whole must be object'],
    [{}, "the whole must have required property 'assets'"],
    [{ assets: [], secret: 1 }, 'the whole must not have "secret"'],
    [{ assets: [{ id: 7, kind: 'image' }] }, 'assets.0.id must be string'],
    [{ assets: [{ id: 'a', kind: 'image' }, { kind: 'image' }] }, "assets.1 must have required property 'id'"],
    [{ assets: [{ id: 'A1', kind: 'image' }] }, 'assets.0.id must match pattern "^[a-z]+$"'],
    [{ assets: [{ id: 'a', kind: 'film' }] }, 'assets.0.kind must be one of ["diagram","image"]'],
    [{ assets: [], pair: ['a', 'b'] }, 'pair.1 must be integer'],
    [{ assets: [], 'a/b': 2 }, 'a/b must be 1'],
  ])('of %j the field is named', (value, says) => {
    expect(planned(value)).toBe(`"plan.json" does not fit its schema: ${says}. Mend what makes it, then retry.`);
  });

  test('is not held to formats', () => {
    expect(planned({ assets: [{ id: 'a', kind: 'image', made: 'yesterday' }] })).toBeNull();
  });

  test('is checked by the same schema again and again', () => {
    for (const copy of [SCHEMA, structuredClone(SCHEMA), SCHEMA]) {
      expect(sentence([{ ...plan, schema: copy }], { 'plan.json': '{"assets": []}' })).toBeNull();
    }
  });

  test('is not checked for longer than a second, whatever the pattern', () => {
    const slow = { type: 'string', pattern: '^(a+)+$' };
    const before = performance.now();
    expect(sentence([{ ...plan, schema: slow }], { 'plan.json': JSON.stringify(`${'a'.repeat(60)}b`) })).toContain(
      'could not be checked within 1 s: a pattern of its schema takes too long',
    );
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test.each<[string, Record<string, unknown>]>([
    ['is none', { type: 'strange' }],
    ['leads to another place', { $ref: 'https://example.com/other' }],
    ['has a pattern that is none', { type: 'string', pattern: '(' }],
  ])('cannot be checked by a schema that %s', (_, schema) => {
    expect(sentence([{ ...plan, schema }], { 'plan.json': '"a"' })).toContain('its schema cannot be used');
  });
});
