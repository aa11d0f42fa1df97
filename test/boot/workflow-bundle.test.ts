// The bundle that a start keeps for the next one is run by it: it is believed only where nobody but this user can have
// written it, and only as it was written.
import { createHash } from 'node:crypto';
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workflowBundle } from '../../src/boot/workflow-bundle.ts';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';

const SETTINGS = loadSettings(join(import.meta.dirname, '../../temporal.yaml'));
const EVIL = 'globalThis.evil = true;';

describe('the kept bundle', () => {
  let folder: string;
  let cache: string;
  let fresh: string;
  /** What a start kept, as it stood when nobody had touched it. */
  let kept: { name: string; text: string };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oncepost-bundle-'));
    const first = join(folder, 'first');
    fresh = (await workflowBundle(SETTINGS, first)).code;
    const [name = ''] = await readdir(first);
    kept = { name, text: await readFile(join(first, name), 'utf8') };
    // So that a start that ran what it found is told from one that bundled anew.
    kept = { name, text: withMark(kept.text) };
  });
  beforeEach(async () => {
    cache = join(folder, crypto.randomUUID());
    await mkdir(cache, { mode: 0o700 });
    await writeFile(join(cache, kept.name), kept.text, { mode: 0o600 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const path = () => join(cache, kept.name);
  const started = async () => (await workflowBundle(SETTINGS, cache)).code;
  const runsWhatItFound = async () => (await started()).includes(MARK);
  /** The mode of what stands there now, without its kind. */
  const modeOf = async (of: string) => (await stat(of)).mode & 0o777;

  it('is run as it was written, and kept where others neither read nor write', async () => {
    expect(await runsWhatItFound()).toBe(true);
    const first = join(folder, 'first');
    expect([await modeOf(first), await modeOf(join(first, kept.name))]).toEqual([0o700, 0o600]);
    expect(await readdir(first)).toEqual([kept.name]);
  });

  it('that was altered is bundled anew, and replaced', async () => {
    await writeFile(path(), kept.text.replace(MARK, EVIL));
    expect(await started()).toBe(fresh);
    expect(await started()).toBe(fresh);
    expect(await readFile(path(), 'utf8')).not.toContain(EVIL);
  });

  it('that is only a part of itself is bundled anew', async () => {
    await writeFile(path(), kept.text.slice(0, -1));
    expect(await started()).toBe(fresh);
  });

  it.each([0o620, 0o602, 0o666])(
    'that others may write (mode %o) is bundled anew, and closed to them',
    async (mode) => {
      await chmod(path(), mode);
      expect(await started()).toBe(fresh);
      expect(await modeOf(path())).toBe(0o600);
    },
  );

  it('that is a link to somewhere else is bundled anew, and what it points to is left alone', async () => {
    const elsewhere = join(folder, crypto.randomUUID());
    await rename(path(), elsewhere);
    await symlink(elsewhere, path());
    expect(await started()).toBe(fresh);
    expect(await readFile(elsewhere, 'utf8')).toBe(kept.text);
  });

  it('that has a second name, under which it can be written, is bundled anew', async () => {
    await link(path(), join(folder, crypto.randomUUID()));
    expect(await started()).toBe(fresh);
  });

  it.skipIf(process.getuid?.() !== 0)('that belongs to another user is bundled anew', async () => {
    await chown(path(), 65_534, 65_534);
    expect(await started()).toBe(fresh);
  });

  it.each([0o770, 0o707, 0o777])(
    'in a folder that others may write (mode %o) is neither run nor kept',
    async (mode) => {
      await chmod(cache, mode);
      expect(await started()).toBe(fresh);
      expect(await readFile(path(), 'utf8')).toBe(kept.text);
    },
  );

  it('in a folder that is a link is neither run nor kept', async () => {
    const elsewhere = join(folder, crypto.randomUUID());
    await rename(cache, elsewhere);
    await symlink(elsewhere, cache);
    expect(await started()).toBe(fresh);
    expect(await readFile(join(elsewhere, kept.name), 'utf8')).toBe(kept.text);
  });

  it('costs only time where there is no place for it', async () => {
    await writeFile(join(folder, 'a-file'), '');
    expect((await workflowBundle(SETTINGS, join(folder, 'a-file', 'cache'))).code).toBe(fresh);
  });
});

const MARK = '/* as it was found */';

/** The same file with a mark in its code, under a digest that is right. */
function withMark(text: string): string {
  const code = `${MARK}${text.slice(text.indexOf('\n') + 1)}`;
  return `// sha256 ${createHash('sha256').update(code).digest('hex')}\n${code}`;
}
