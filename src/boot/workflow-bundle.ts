// Bundles the workflows once per version of their code, and keeps the bundle for the next start.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowPolicy } from '../../workflows/policy.ts';
import { sha256Hex } from '../runtime/ids.ts';
import { cacheFolderOf, isOwnFolder, readOwnFile } from '../runtime/own-file.ts';
import { writePrivateFile } from '../runtime/private-file.ts';
import type { Settings } from '../runtime/settings/settings.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['workflows', 'src/domain'];

/**
 * The bundle's code with this worker's policy in front of it. `cacheFolder` keeps bundles by the digest of their sources; what
 * stands there is run, so only this user may have written it, and only as it was written.
 */
export async function workflowBundle(
  settings: Settings,
  cacheFolder: string = cacheFolderOf(undefined),
): Promise<{ code: string }> {
  const code = await cachedBundle(cacheFolder);
  const policy: WorkflowPolicy = { attempt: settings.timeouts.attemptMs, heartbeat: settings.timeouts.heartbeatMs };
  return { code: `globalThis.oncepostPolicy=${JSON.stringify(policy)};${code}` };
}

async function cachedBundle(cacheFolder: string): Promise<string> {
  const path = join(cacheFolder, `workflows-${digestOfSources()}.js`);
  // No room, no right, nothing there: all of it only costs this start its time.
  const mayKeep = await isOwnFolder(cacheFolder).catch(() => false);
  const kept = mayKeep ? readKept(await readOwnFile(path).catch(() => undefined)) : undefined;
  if (kept !== undefined) return kept;
  const { code } = await bundle();
  if (mayKeep) await writePrivateFile(path, `${sealOf(code)}\n${code}`).catch(() => {});
  return code;
}

/** The code of a kept file whose first line is the digest of the rest. */
function readKept(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const end = text.indexOf('\n');
  const code = text.slice(end + 1);
  return text.slice(0, end) === sealOf(code) ? code : undefined;
}

function sealOf(code: string): string {
  return `// sha256 ${sha256Hex(code)}`;
}

/** Bundles the sources as they are now. */
export function bundle(
  workflowsPath: string = join(ROOT, 'workflows', `index${extension()}`),
): Promise<{ code: string }> {
  const quiet = () => {};
  const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  const workflowInterceptorModules = [join(dirname(workflowsPath), `inbound${extension()}`)];
  return bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger });
}

function digestOfSources(): string {
  const hash = createHash('sha256').update(sdkVersion());
  for (const folder of SOURCES) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const path of files.map((file) => join(file.parentPath, file.name)).sort()) {
      hash.update(path).update(readFileSync(path));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

function sdkVersion(): string {
  return readFileSync(createRequire(import.meta.url).resolve('@temporalio/worker/package.json'), 'utf8');
}

function extension(): string {
  return import.meta.url.endsWith('.ts') ? '.ts' : '.js';
}
