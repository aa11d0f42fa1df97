// Looks for secrets in what is about to be recorded (F-16): known values, names of fields, and shapes. What is found is masked, and told by
// its place and its kind, never by itself.
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { SECRET_FIELD, SECRET_SHAPES } from '../../domain/text/secret-shapes.ts';
import { findKnownSecrets } from '../../runtime/known-secrets.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface Leak {
  /** Of the field, with dots. */
  readonly path: string;
  readonly kind: string;
}

export interface Masked {
  readonly payload: Payload;
  readonly leaks: readonly Leak[];
}

const MASK = '[redacted]';
const NAME = '(a name)';

/** The payload with every secret in its texts masked; the same one where there is none. */
export async function masked(payload: Payload): Promise<Masked> {
  const texts = [...textsOf(payload, '')];
  const found = texts.length === 0 ? [] : await findAll(texts);
  if (found.length === 0) return { payload, leaks: [] };
  const byPath = new Map<string, Found[]>();
  for (const one of found) byPath.set(one.path, [...(byPath.get(one.path) ?? []), one]);
  const names = found.filter(({ path }) => path.endsWith(NAME)).map(({ of }) => of);
  // A name that is a secret stands in the paths below it, too.
  const told = (path: string) => names.reduce((kept, name) => kept.replaceAll(name, NAME), path);
  return {
    payload: maskFields(payload, '', byPath),
    leaks: found.map(({ path, kind }) => ({ path: told(path), kind })),
  };
}

interface Text {
  readonly path: string;
  /** The name of its field. */
  readonly name: string;
  readonly text: string;
}

function* textsOf(value: unknown, path: string, name = ''): Generator<Text> {
  if (typeof value === 'string') {
    if (value !== '') yield { path, name, text: value };
  } else if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* textsOf(one, `${path}.${index}`, name);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      // A secret may stand where a name is expected.
      yield { path: nameAt(path), name: '', text: key };
      yield* textsOf(one, within(path, key), key);
    }
  }
}

const within = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
/** Of the names of fields there: one that is a secret is not told. */
const nameAt = (path: string): string => within(path, NAME);

interface Found extends Leak {
  /** The whole text in which it stands. */
  readonly of: string;
  readonly from: number;
  readonly length: number;
}

async function findAll(texts: readonly Text[]): Promise<Found[]> {
  const found = texts.flatMap((text) => [...findHere(text)]);
  return [...found, ...(await findVendors(texts))];
}

function* findHere({ path, name, text }: Text): Generator<Found> {
  if (SECRET_FIELD.test(name)) yield { path, of: text, kind: `a field named ${name}`, from: 0, length: text.length };
  for (const { from, length } of findKnownSecrets(text))
    yield { path, of: text, kind: 'a secret that this process holds', from, length };
  for (const { kind, shape } of SECRET_SHAPES) {
    for (const match of text.matchAll(shape))
      yield { path, of: text, kind, from: match.index, length: match[0].length };
  }
}

const RULES = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] };

/** The library's own, over all texts at once, each on lines of its own behind the name of its field, which some rules want. */
async function findVendors(texts: readonly Text[]): Promise<Found[]> {
  const starts: number[] = [];
  let content = '';
  for (const { name, text } of texts) {
    content += name === '' ? '' : `${name}: `;
    starts.push(content.length);
    content += `${text}\n`;
  }
  const { messages } = await lintSource({
    source: { content, filePath: '/audit.txt', ext: '.txt', contentType: 'text' },
    options: { config: RULES, noPhysicFilePath: true },
  });
  return messages.flatMap(({ range: [from, to], messageId }) =>
    texts.flatMap(({ path, text }, index) => {
      const start = starts[index] ?? 0;
      const [begin, end] = [Math.max(from, start), Math.min(to, start + text.length)];
      return begin < end ? [{ path, of: text, kind: messageId, from: begin - start, length: end - begin }] : [];
    }),
  );
}

function maskFields(
  fields: object,
  path: string,
  byPath: ReadonlyMap<string, readonly Found[]>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      maskText(
        key,
        (byPath.get(nameAt(path)) ?? []).filter(({ of }) => of === key),
      ),
      maskValue(value, within(path, key), byPath),
    ]),
  );
}

function maskValue(value: unknown, path: string, byPath: ReadonlyMap<string, readonly Found[]>): unknown {
  if (typeof value === 'string') return maskText(value, byPath.get(path) ?? []);
  if (Array.isArray(value)) return value.map((one, index) => maskValue(one, `${path}.${index}`, byPath));
  return typeof value === 'object' && value !== null ? maskFields(value, path, byPath) : value;
}

/** Overlapping finds are one. */
function maskText(text: string, found: readonly Found[]): string {
  let masked = '';
  let done = 0;
  for (const { from, length } of found.toSorted((a, b) => a.from - b.from)) {
    if (from >= done) masked += `${text.slice(done, from)}${MASK}`;
    done = Math.max(done, from + length);
  }
  return masked + text.slice(done);
}
