// Makes a folder that its owner may not write in, below the folder given, and removes it. Not as root, whom no mode keeps out.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeWhole } from '../../../src/pipeline/runners/command/folder.ts';

const NOBODY = 65_534;
if (process.getuid?.() === 0) process.setuid?.(NOBODY);
const [home = ''] = process.argv.slice(2);
const folder = join(home, 'stage');
mkdirSync(join(folder, 'a', 'b'), { recursive: true });
mkdirSync(join(home, 'elsewhere'));
writeFileSync(join(home, 'elsewhere', 'kept'), 'kept');
symlinkSync(join(home, 'elsewhere'), join(folder, 'a', 'link'));
writeFileSync(join(folder, 'a', 'b', 'c'), '', { mode: 0o400 });
chmodSync(join(folder, 'a', 'b'), 0o500);
chmodSync(join(folder, 'a'), 0o000);
await removeWhole(folder);
