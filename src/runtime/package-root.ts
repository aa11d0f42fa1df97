// Where this package lies, from the sources and from the built files alike: the nearest folder above with a package.json.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function nearestPackage(folder: string): string {
  const parent = dirname(folder);
  return existsSync(join(folder, 'package.json')) || parent === folder ? folder : nearestPackage(parent);
}

/** The absolute folder of this package, which holds bin/ and tools/. */
export const packageRoot: string = nearestPackage(import.meta.dirname);
