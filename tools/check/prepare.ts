// What the tests need and npm does not bring: a browser for the pages, a reader of PDF, the real PDS with its own packages, Ghost and WordPress.
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

interface Package {
  readonly name: string;
  readonly program: string;
  /** Begins the sentence that says who misses it. */
  readonly tests: string;
}

const CHROMIUM: Package = { name: 'chromium', program: 'chromium', tests: 'The browser tests need Chromium' };
/** Reads what our PDF says, with other eyes than those that wrote it. */
const POPPLER: Package = { name: 'poppler-utils', program: 'pdftotext', tests: 'The tests of proof need pdftotext' };

async function fromDebian({ name, program, tests }: Package): Promise<string | undefined> {
  if (onPath(program)) return undefined;
  const ask = `install the package ${name} so that ${program} is on the PATH, then run npm test again`;
  if (!mayInstall()) return `${tests}, and there is none; ${ask}.`;
  console.log(`${tests}: installing ${name} from Debian.`);
  return (await installFromDebian([name])) && onPath(program)
    ? undefined
    : `${tests}, and apt-get could not install it; ${ask}.`;
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
  const steps = [() => fromDebian(CHROMIUM), () => fromDebian(POPPLER), pds, ghost, wordpress];
  return (await Promise.all(steps.map(counted))).reduce(add);
}

async function counted(step: () => Promise<string | undefined>): Promise<Counts> {
  const problem = await step().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (problem === undefined) return none;
  console.error(problem);
  return failed;
}
