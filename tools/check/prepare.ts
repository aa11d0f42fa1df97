// What the tests need and npm does not bring: a browser for the pages, the real PDS with its own packages, Ghost and WordPress.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installGhost } from '../../test/ghost/install-ghost.ts';
import { installPds } from '../../test/pds/install-pds.ts';
import { installWordpress } from '../../test/wordpress/install-wordpress.ts';
import { add, type Counts, failed, none } from './counts.ts';
import { installFromDebian, mayInstall } from './debian.ts';

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const askForChromium =
  'install the package chromium so that a program of that name is on the PATH, then run npm test again';

async function chromium(): Promise<string | undefined> {
  if (onPath('chromium')) return undefined;
  if (!mayInstall()) return `The browser tests need Chromium, and there is none; ${askForChromium}.`;
  console.log('Installing Chromium from Debian, which the browser tests need.');
  return (await installFromDebian(['chromium'])) && onPath('chromium')
    ? undefined
    : `The browser tests need Chromium, and apt-get could not install it; ${askForChromium}.`;
}

async function pds(): Promise<string | undefined> {
  console.log('Bringing the PDS of the Bluesky tests up to its lock file (the first time takes minutes).');
  await installPds();
  return undefined;
}

async function ghost(): Promise<string | undefined> {
  console.log('Bringing Ghost into the cache for its tests (the first time takes minutes).');
  await installGhost();
  return undefined;
}

async function wordpress(): Promise<string | undefined> {
  await installWordpress();
  return undefined;
}

/** Runs the steps side by side; one that fails is said in a sentence and counts as a failure, one that succeeds is not counted. */
export async function prepare(): Promise<Counts> {
  return (await Promise.all([chromium, pds, ghost, wordpress].map(counted))).reduce(add);
}

async function counted(step: () => Promise<string | undefined>): Promise<Counts> {
  const problem = await step().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (problem === undefined) return none;
  console.error(problem);
  return failed;
}
