// `npm run build`: dist/ as it is released, that is the compiled sources and every other file that stands among them
// (migrations, pages), at the same relative places.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules/.bin/tsc');
const { status } = spawnSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
if (status !== 0) {
  rmSync(dist, { recursive: true, force: true });
  console.error('Nothing was built, because the sources do not compile; mend what stands above and build again.');
  process.exit(1);
}
for (const folder of ['src', 'workflows', 'activities']) {
  cpSync(join(root, folder), join(dist, folder), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || !path.endsWith('.ts'),
  });
}
console.log('Built dist/.');
