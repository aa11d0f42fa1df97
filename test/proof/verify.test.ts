// A bundle that was touched anywhere fails its check, each way with a sentence of its own; what was given proves the origin.
import { createHash, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { BUNDLE_FILES, canonicalText, type Manifest } from '../../src/domain/proof/manifest.ts';
import { containerOf } from '../../src/proof/bundle/container.ts';
import { authenticatorOf, newProofKey, signerOf } from '../../src/proof/keys.ts';
import type { Given } from '../../src/proof/verify/check-signature.ts';
import { verifyBundle } from '../../src/proof/verify/verify-bundle.ts';
import { ABOUT, type SmallBundle, writeSmallBundle } from './small-bundle.ts';

const NOTHING: Given = { keys: null, secret: null };
let bundle: SmallBundle;
let files: Map<string, Buffer>;

beforeAll(async () => {
  bundle = await writeSmallBundle();
  files = new Map();
  for (const name of BUNDLE_FILES) files.set(name, await readFile(join(bundle.folder, name)));
});
afterAll(() => bundle.remove());

const said = async (bytes: Uint8Array, given = NOTHING) => {
  const path = join(bundle.folder, '..', `${randomUUID()}.zip`);
  await writeFile(path, bytes);
  return verifyBundle(path, given);
};
const faultOf = async (bytes: Uint8Array, given = NOTHING) => {
  const verdict = await said(bytes, given);
  return verdict.holds ? 'holds' : verdict.fault;
};

/** A ZIP in our form of other files. */
const zipped = (contents: ReadonlyMap<string, Buffer>) =>
  buffer(
    containerOf(
      [...contents].map(([name, content]) => ({
        name,
        sizeBytes: content.length,
        open: () => Readable.from(content.length === 0 ? [] : [content]),
      })),
    ),
  );
const changed = (name: string, content: Buffer | string) => zipped(new Map([...files, [name, Buffer.from(content)]]));
const textOf = (name: string) => files.get(name)?.toString() ?? '';

/** Signs changed files anew, as somebody with a key of their own would. */
async function resigned(contents: Readonly<Record<string, string>>, manifestChanges: Partial<Manifest> = {}) {
  const key = await newProofKey();
  const authenticator = authenticatorOf({ id: randomUUID(), secret: 'other' });
  const sha = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
  const of = (name: string) => contents[name] ?? files.get(name) ?? '';
  const manifest = canonicalText({
    ...(JSON.parse(textOf('manifest.json')) as Manifest),
    sha256: {
      'proof.csv': sha(of('proof.csv')),
      'proof.pdf': sha(of('proof.pdf')),
      'records.jsonl': sha(of('records.jsonl')),
    },
    signature: { algorithm: 'EdDSA', keyId: key.id },
    hmac: { algorithm: 'HMAC-SHA256', keyId: authenticator.keyId },
    ...manifestChanges,
  });
  const hmac = `${authenticator.keyId} ${authenticator.authenticate(manifest)}\n`;
  const seal = canonicalText({ sha256: { 'manifest.hmac': sha(hmac), 'manifest.json': sha(manifest) } });
  const jws = await signerOf(key).sign(seal);
  const made = { ...contents, 'manifest.json': manifest, 'manifest.hmac': hmac, 'manifest.ed25519.jws': jws };
  return zipped(
    new Map([...files].map(([name, content]) => [name, Buffer.from(made[name as keyof typeof made] ?? content)])),
  );
}

describe('a bundle nobody touched', () => {
  it('is whole, and says that its origin was not checked', async () => {
    const verdict = await said(bundle.bytes);
    expect(verdict).toMatchObject({ holds: true, origin: { signature: false, hmac: false } });
    expect(verdict.says).toContain('The bundle is whole: 3 records');
    expect(verdict.says).toContain(
      'It says that it is of the workspace "Harbour Press" (0c9c5e0a-1b2c-4d3e-8f40-5a6b7c8d9e0f), of what was due from 2026-11-01T00:00:00.000Z until before 2026-12-01T00:00:00.000Z. Whom it is from was not checked',
    );
  });
  it('is from whom the keys belong to', async () => {
    const verdict = await said(bundle.bytes, { keys: bundle.keys, secret: null });
    expect(verdict).toMatchObject({ holds: true, origin: { signature: true, hmac: false } });
    expect(verdict.says).toContain('It is of the workspace "Harbour Press" (0c9c5e0a-1b2c-4d3e-8f40-5a6b7c8d9e0f)');
    expect(verdict.says).toContain('Its origin holds too');
  });
  it('is from whom the secret is shared with', async () => {
    const verdict = await said(bundle.bytes, { keys: null, secret: bundle.secret });
    expect(verdict).toMatchObject({ holds: true, origin: { signature: false, hmac: true } });
  });
  it('says what it was limited to, and a name that would write over a terminal is told in letters', async () => {
    const workspace = { ...ABOUT.workspace, name: 'Har\u001b[2Jbour\u009b\u202e\n' };
    const range = { ...ABOUT.range, platforms: ['x'], accounts: ['0c9c5e0a-1b2c-4d3e-8f40-5a6b7c8d9e0f'] };
    const limited = await writeSmallBundle([], { ...ABOUT, workspace, range });
    const { says } = await verifyBundle(limited.zip, NOTHING);
    expect(says).toContain('2026-12-01T00:00:00.000Z, on "x" alone, of 1 of its accounts alone.');
    expect(says).toMatch(/^[\x20-\x7e]*$/);
    await limited.remove();
  });
  it('may hold no records at all', async () => {
    const empty = await writeSmallBundle([]);
    expect(await verifyBundle(empty.zip, NOTHING)).toMatchObject({ holds: true, manifest: { records: 0 } });
    await empty.remove();
  });
});

describe('one flipped byte', () => {
  it('is found wherever it is', async () => {
    const { bytes } = bundle;
    const unseen: number[] = [];
    const flipped = flips().map(async (places, lane) => {
      const path = join(bundle.folder, '..', `flipped-${lane}.zip`);
      for (const at of places) {
        const copy = Buffer.from(bytes);
        copy.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
        await writeFile(path, copy);
        if ((await verifyBundle(path, NOTHING)).holds) unseen.push(at);
      }
    });
    await Promise.all(flipped);
    expect(unseen).toEqual([]);
  }, 300_000);
});

const LANES = 4;
/** Within the document only the digest decides, so there one byte of so many is flipped; everywhere else each is. */
const APART_IN_PDF = 29;

function flips(): number[][] {
  const pdf = files.get('proof.pdf') ?? Buffer.alloc(0);
  const pdfAt = bundle.bytes.indexOf(pdf);
  const isInside = (at: number) => at > pdfAt && at < pdfAt + pdf.length - 1;
  const places = [...bundle.bytes.keys()].filter((at) => !isInside(at) || at % APART_IN_PDF === 0);
  return Array.from({ length: LANES }, (_, lane) => places.filter((_at, index) => index % LANES === lane));
}

describe('each way to touch it has its own fault', () => {
  it('a file was changed', async () => {
    expect(await faultOf(await changed('proof.csv', `${textOf('proof.csv')} `))).toBe('file_changed');
    expect(await faultOf(await changed('proof.pdf', `${textOf('proof.pdf')} `))).toBe('file_changed');
    expect(await faultOf(await changed('records.jsonl', textOf('records.jsonl').replace('1854', '1855')))).toBe(
      'file_changed',
    );
  });
  it('a line was moved', async () => {
    const [first, second, third] = textOf('records.jsonl').split('\n');
    expect(await faultOf(await changed('records.jsonl', `${second}\n${first}\n${third}\n`))).toBe('reordered');
  });
  it('a line was taken away, by somebody who signs again', async () => {
    const [first, second] = textOf('records.jsonl').split('\n');
    expect(await faultOf(await resigned({ 'records.jsonl': `${first}\n${second}\n` }))).toBe('count_differs');
  });
  it('the table is another one', async () => {
    expect(await faultOf(await resigned({ 'proof.csv': textOf('proof.csv').replace('harbour', 'harbor') }))).toBe(
      'csv_differs',
    );
  });
  it('a record is not in canonical form, or outside of the range', async () => {
    const spaced = textOf('records.jsonl').replace('{', '{ ');
    expect(await faultOf(await resigned({ 'records.jsonl': spaced }))).toBe('record_malformed');
    const late = textOf('records.jsonl').replace('2026-11-03T09:00:00.000Z', '2027-11-03T09:00:00.000Z');
    expect(await faultOf(await resigned({ 'records.jsonl': late }))).toBe('record_outside');
  });
  it('the manifest was changed', async () => {
    const other = textOf('manifest.json').replace('Harbour Press', 'Harbour Pross');
    expect(await faultOf(await changed('manifest.json', other))).toBe('manifest_changed');
  });
  it('the HMAC was changed', async () => {
    expect(await faultOf(await changed('manifest.hmac', `${textOf('manifest.hmac')}\n`))).toBe('hmac_changed');
  });
  it('the signature was changed, in the bits too that its text leaves to nobody', async () => {
    const jws = textOf('manifest.ed25519.jws');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = alphabet[alphabet.indexOf(jws.at(-1) ?? '') ^ 1];
    expect(await faultOf(await changed('manifest.ed25519.jws', `${jws.slice(0, -1)}${twin}`))).toBe('signature_wrong');
    expect(await faultOf(await changed('manifest.ed25519.jws', `${jws}\n`))).toBe('signature_wrong');
    expect(await faultOf(await changed('manifest.ed25519.jws', ''))).toBe('signature_wrong');
  });
  it('somebody else signed it', async () => {
    const forged = await resigned({});
    expect(await faultOf(forged)).toBe('holds');
    expect(await faultOf(forged, { keys: bundle.keys, secret: null })).toBe('key_unknown');
    expect(await faultOf(forged, { keys: null, secret: bundle.secret })).toBe('hmac_wrong');
  });
  it('the keys given are none', async () => {
    expect(await faultOf(bundle.bytes, { keys: '{"keys":[]}', secret: null })).toBe('keys_unreadable');
    expect(await faultOf(bundle.bytes, { keys: 'no JSON', secret: null })).toBe('keys_unreadable');
  });
  it('the secret given is another one', async () => {
    expect(await faultOf(bundle.bytes, { keys: null, secret: 'another' })).toBe('hmac_wrong');
  });
  it('a file is missing', async () => {
    const fewer = new Map([...files].filter(([name]) => name !== 'proof.pdf'));
    const verdict = await said(await zipped(fewer));
    expect(verdict).toMatchObject({ fault: 'missing_file', says: 'proof.pdf is missing from the bundle.' });
  });
  it('a file is too many', async () => {
    const more = new Map([...files, ['notes.txt', Buffer.from('hello')]]);
    const verdict = await said(await zipped(more));
    expect(verdict).toMatchObject({
      fault: 'extra_file',
      says: 'The bundle holds a file that does not belong to it: "notes.txt".',
    });
  });
  it('the files stand in another order', async () => {
    expect(await faultOf(await zipped(new Map([...files].reverse())))).toBe('container_changed');
  });
  it('something was added before or behind it', async () => {
    expect(await faultOf(Buffer.concat([bundle.bytes, Buffer.from('x')]))).not.toBe('holds');
    expect(await faultOf(Buffer.concat([Buffer.from('x'), bundle.bytes]))).not.toBe('holds');
  });
  it('it was cut off', async () => {
    expect(await faultOf(bundle.bytes.subarray(0, bundle.bytes.length - 30))).toBe('truncated');
  });
  it('it is no ZIP', async () => {
    expect(await faultOf(Buffer.from('%PDF-1.7'))).toBe('not_a_zip');
    expect(await faultOf(Buffer.alloc(0))).toBe('not_a_zip');
  });
  it('it is packed: nothing of a bomb is unpacked', async () => {
    const zip = new ZipFile();
    for (const name of BUNDLE_FILES) zip.addBuffer(Buffer.alloc(20_000_000), name);
    zip.end();
    const bomb = await buffer(zip.outputStream);
    expect(bomb.length).toBeLessThan(200_000);
    const beforeMs = performance.now();
    expect(await faultOf(bomb)).toBe('packed');
    expect(performance.now() - beforeMs).toBeLessThan(1_000);
  });
  it('it holds thousands of files', async () => {
    const many = new Map(Array.from({ length: 3_000 }, (_, index) => [`file-${index}`, Buffer.from('')]));
    expect(await faultOf(await zipped(many))).toBe('packed');
  });
  it('it was packed again by another program', async () => {
    const zip = new ZipFile();
    for (const [name, content] of files) zip.addBuffer(content, name, { compress: false });
    zip.end();
    expect(await faultOf(await buffer(zip.outputStream))).toBe('container_changed');
  });
});
