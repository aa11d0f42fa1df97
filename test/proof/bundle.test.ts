// The files of a bundle: the same bytes for the same records, anywhere; a table that runs nothing; a document that leaves nothing out.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Papa from 'papaparse';
import { afterEach, describe, expect, it } from 'vitest';
import { LISTED_FILES } from '../../src/domain/proof/manifest.ts';
import { PROOF_FIELDS, type ProofRecord } from '../../src/domain/proof/record.ts';
import { ABOUT, aRecord, RECORDS, type SmallBundle, writeSmallBundle } from './small-bundle.ts';

const run = promisify(execFile);
const written: SmallBundle[] = [];
const zoneBefore = process.env.TZ;

async function filesOf(records: readonly ProofRecord[], about = ABOUT): Promise<Record<string, Buffer>> {
  const bundle = await writeSmallBundle(records, about);
  written.push(bundle);
  const read = async (name: string) => [name, await readFile(join(bundle.folder, name))] as const;
  return Object.fromEntries(await Promise.all(LISTED_FILES.map(read)));
}

async function wordsOf(pdf: Buffer | undefined): Promise<string> {
  const path = join(written[0]?.folder ?? '', 'read.pdf');
  await writeFile(path, pdf ?? '');
  return (await run('pdftotext', ['-layout', '-enc', 'UTF-8', path, '-'])).stdout;
}

afterEach(async () => {
  process.env.TZ = zoneBefore;
  await Promise.all(written.splice(0).map((bundle) => bundle.remove()));
});

describe('equal records make equal bytes', () => {
  it('twice, and in three time zones', async () => {
    const first = await filesOf(RECORDS);
    for (const zone of ['UTC', 'Pacific/Auckland', 'America/St_Johns']) {
      process.env.TZ = zone;
      expect(await filesOf(RECORDS), zone).toEqual(first);
    }
  });
  it('and the ZIP itself names the same time in every zone', async () => {
    const dosTimes = new Set<string>();
    for (const zone of ['UTC', 'Pacific/Auckland', 'America/St_Johns']) {
      process.env.TZ = zone;
      const bundle = await writeSmallBundle();
      written.push(bundle);
      dosTimes.add(bundle.bytes.toString('hex', 10, 14));
    }
    expect([...dosTimes]).toEqual(['00602102']);
  });
});

describe('records.jsonl', () => {
  it('holds one canonical record a line', async () => {
    const { 'records.jsonl': jsonl } = await filesOf([aRecord()]);
    expect(jsonl?.toString()).toBe(
      `{"approvalTimestamp":"2026-11-01T17:00:00.000Z","approverIdentity":"Ann Approver","approverSource":"internal","deliverySetId":null,"deliverySetMemberCount":null,"exceptionCause":null,"invalidationReason":null,"platform":"x","platformPostId":"1854","publishAtISO":"2026-11-02T09:00:00.000Z","publishOutcome":"published","publishedAtISO":"2026-11-02T09:00:01.250Z","recoveryAction":"none","recoveryActor":"nightly pipeline","scheduleId":"post-1","targetAccount":"harbour","versionFingerprint":"${'a'.repeat(64)}"}\n`,
    );
  });
});

describe('proof.csv', () => {
  const read = async (record: ProofRecord) => {
    const { 'proof.csv': csv } = await filesOf([record]);
    const parsed = Papa.parse<Record<string, string>>(csv?.toString() ?? '', { header: true, skipEmptyLines: true });
    expect(parsed.errors).toEqual([]);
    expect(parsed.meta.fields).toEqual(PROOF_FIELDS);
    return parsed.data[0] ?? {};
  };
  it('has the 17 columns in their order, and says the same as the record', async () => {
    const record = aRecord({ deliverySetId: 'launch', deliverySetMemberCount: 12 });
    const row = await read(record);
    expect(row).toEqual(Object.fromEntries(PROOF_FIELDS.map((field) => [field, String(record[field] ?? '')])));
  });
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x', "'=1"])(
    'runs nothing: %j begins with an apostrophe, which taken off gives the value',
    async (value) => {
      const row = await read(aRecord({ recoveryActor: value }));
      expect(row.recoveryActor).toBe(`'${value}`);
    },
  );
  it('keeps quotes, separators and lines within their cell', async () => {
    const value = 'a "b"; =c,\r\n=d\te';
    expect((await read(aRecord({ recoveryActor: value }))).recoveryActor).toBe(value);
  });
});

describe('proof.pdf', () => {
  it('has a receipt for every record, a summary, the schema and the way to check', async () => {
    const words = await wordsOf((await filesOf(RECORDS))['proof.pdf']);
    for (const receipt of ['Receipt 1', 'Receipt 2', 'Receipt 3']) expect(words).toContain(receipt);
    expect(words).not.toContain('Receipt 4');
    expect(words).toMatch(/Receipts +3/);
    expect(words).toMatch(/published +2/);
    expect(words).toMatch(/publish_failed +1/);
    for (const field of PROOF_FIELDS) expect(words).toContain(field);
    expect(words).toContain('How to check this bundle');
    expect(words.indexOf('Publishing proof')).toBeLessThan(words.indexOf('Receipt 1'));
  });
  it.each([
    ['Ünïcödé Žlutý kůň', 'Ünïcödé Žlutý kůň'],
    ['e\u0301te\u0301', 'été'],
    ['Ελληνικά', 'Ελληνικά'],
    ['Кириллица Ђорђе', 'Кириллица Ђорђе'],
    ['Հայերեն ქართული', 'Հայերեն ქართული'],
    ['€ № ™ ½ → ✓', '€ № ™ ½ → ✓'],
    ['中文', '[U+4E2D][U+6587]'],
    ['עברית', '[U+05E2][U+05D1][U+05E8][U+05D9][U+05EA]'],
    ['سلام', '[U+0633][U+0644][U+0627][U+0645]'],
    ['हिन्दी', '[U+0939][U+093F][U+0928][U+094D][U+0926][U+0940]'],
    ['ไทย', '[U+0E44][U+0E17][U+0E22]'],
    ['🦄', '[U+1F984]'],
    ['a\u202eb\u200dc', 'a[U+202E]b[U+200D]c'],
    ['a\tb\nc', 'a[U+0009]b[U+000A]c'],
  ])('draws %j or writes it as code points', async (label, shown) => {
    const words = await wordsOf((await filesOf([aRecord({ recoveryActor: label })]))['proof.pdf']);
    // The reader leaves out spaces between symbols.
    const packed = (text: string) => text.normalize('NFC').replaceAll(' ', '');
    expect(packed(words)).toContain(packed(shown));
  });
  it('breaks what is too long for a line, and for a page', async () => {
    const label = '漢'.repeat(2_000);
    const pdf = (await filesOf([aRecord({ recoveryActor: label })]))['proof.pdf'];
    const words = (await wordsOf(pdf)).replace(/\s/g, '');
    expect(words.split('[U+6F22]').length - 1).toBe(2_000);
  });
});
