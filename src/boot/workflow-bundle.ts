// Bundles the workflows once per version of their code, and keeps the bundle for the next start.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowPolicy } from '../../workflows/policy.ts';
import type { Settings } from '../runtime/settings/settings.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['workflows', 'src/domain'];

/** The bundle's code with this worker's policy in front of it. `cacheFolder` keeps bundles by the digest of their code. */
export async function workflowBundle(
  settings: Settings,
  cacheFolder: string = join(tmpdir(), `oncepost-${process.getuid?.() ?? 0}`),
): Promise<{ code: string }> {
  const code = await cachedBundle(cacheFolder);
  const policy: WorkflowPolicy = { attempt: settings.timeouts.attemptMs, heartbeat: settings.timeouts.heartbeatMs };
  return { code: `globalThis.oncepostPolicy=${JSON.stringify(policy)};${code}` };
}

async function cachedBundle(cacheFolder: string): Promise<string> {
  const path = join(cacheFolder, `workflows-${digestOfSources()}.js`);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const { code } = await bundle();
    keepBundle(cacheFolder, path, code);
    return code;
  }
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

function keepBundle(cacheFolder: string, path: string, code: string): void {
  try {
    mkdirSync(cacheFolder, { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, code, { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    // A read-only disk only costs the next start its time.
  }
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
