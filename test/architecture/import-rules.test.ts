// The import rules of .dependency-cruiser.cjs can fail: a small tree with one violation of each, and what is said of it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const folders = ['bin', 'src', 'workflows', 'activities', 'test'];

/** Every file of the tree: what it imports, one line each. */
const tree: Readonly<Record<string, readonly string[]>> = {
  'bin/oncepost.mjs': ["import '../src/cli/main.ts'"],
  'src/cli/main.ts': [
    "import '../api/server.ts'",
    "import '../boot/worker.ts'",
    "import '../api/get-health.ts'",
    "import '../publishing/attempt.ts'",
    "import '../proof/a.ts'",
    "import '../identity/provider.ts'",
  ],
  'src/api/server.ts': ["import '../ledger/posts.ts'"],
  'src/api/get-health.ts': ["import '../boot/worker.ts'", "import '../local/run-start.ts'"],
  'src/local/run-start.ts': ["import '../runtime/env.ts'", "import '../boot/worker.ts'"],
  'src/runtime/env.ts': ["import '../domain/causes.ts'", "import '../ledger/schema.ts'"],
  'src/identity/provider.ts': ["import '../transport/send.ts'", "import '../ledger/posts.ts'"],
  'src/recovery/items.ts': ["import '../boot/context.ts'"],
  'src/publishing/attempt.ts': ["import '../ledger/posts.ts'", "import '../recovery/items.ts'"],
  'src/mediastore/store.ts': ["import '../ledger/posts.ts'", "import '../publishing/points.ts'"],
  'src/handoff/pack.ts': ["import '../ledger/posts.ts'"],
  'src/recovery/story.ts': ["import '../handoff/pack.ts'"],
  'src/publishing/points.ts': ["import '../runtime/env.ts'"],
  'src/publishing/tool-calls.ts': ["import '../pipeline/runs.ts'"],
  'src/pipeline/runs.ts': ["import '../publishing/attempt.ts'", "import '../recovery/items.ts'"],
  'src/notifications/look.ts': [
    "import '../publishing/points.ts'",
    "import type { Points } from '../publishing/points.ts'",
  ],
  'src/boot/context.ts': ["import '../runtime/env.ts'"],
  'src/boot/worker.ts': [
    "import '../runtime/env.ts'",
    "import '../api/server.ts'",
    "import '../../test/helper.ts'",
    "import 'vitest'",
    "import 'left-pad'",
    "import './nowhere.ts'",
    "import type { TestCase } from 'vitest'",
  ],
  'src/domain/causes.ts': ["import 'zod'", "import 'canonicalize'"],
  'src/domain/clock.ts': ["import 'node:fs'", "import 'ms'", "import '../transport/send.ts'", "import './causes.ts'"],
  'src/transport/send.ts': ["import 'undici'", "import '../domain/causes.ts'", "import '../ledger/posts.ts'"],
  'src/ledger/posts.ts': ["import 'drizzle-orm'", "import './schema.ts'", "import '../publishing/points.ts'"],
  'src/ledger/schema.ts': ["import 'drizzle-orm'"],
  'src/proof/a.ts': ["import './b.ts'", "import 'drizzle-orm'", "import '../ledger/schema.ts'"],
  'src/proof/b.ts': ["import type { A } from './a.ts'", "import '../transport/send.ts'"],
  'src/proof/left-over.ts': [],
  'src/connections/flow.ts': ["import '../publishing/points.ts'", "import '../recovery/items.ts'"],
  'src/platforms/contract.ts': ["import '../domain/causes.ts'", "import '../transport/send.ts'"],
  'src/platforms/x/adapter.ts': ["import '../contract.ts'", "import '../../ledger/posts.ts'"],
  'src/platforms/instagram/adapter.ts': [
    "import '../contract.ts'",
    "import '../meta/graph-call.ts'",
    "import '../x/adapter.ts'",
  ],
  'src/platforms/meta/graph-call.ts': ["import '../x/adapter.ts'"],
  'src/sandbox/judge.ts': ["import 'node:http'", "import '../domain/causes.ts'"],
  'activities/publish.ts': ["import '@temporalio/activity'", "import '../src/ledger/posts.ts'"],
  'workflows/publish.ts': [
    "import '@temporalio/workflow'",
    "import type { Duration } from '@temporalio/common'",
    "import '../src/domain/causes.ts'",
    "import type { publish } from '../activities/publish.ts'",
    "import './messages.ts'",
  ],
  'workflows/messages.ts': [
    "import '../activities/publish.ts'",
    "import 'node:crypto'",
    "import 'zod'",
    "import type { Post } from '../src/ledger/posts.ts'",
  ],
  'test/helper.ts': ["import 'vitest'"],
};

const packages = [
  '@temporalio/activity',
  '@temporalio/common',
  '@temporalio/workflow',
  'canonicalize',
  'drizzle-orm',
  'ms',
  'undici',
  'zod',
];

const reportSchema = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

let folder: string;
let found: string[];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-rules-'));
  const dependencies = Object.fromEntries(packages.map((name) => [name, '1.0.0']));
  write('package.json', JSON.stringify({ type: 'module', dependencies, devDependencies: { vitest: '1.0.0' } }));
  for (const name of [...packages, 'vitest', 'left-pad']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const [path, imports] of Object.entries(tree)) write(path, `${imports.join(';\n')};\nexport {};\n`);

  const program = join(root, 'node_modules/.bin/depcruise');
  const options = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders];
  const report = execFileSync(program, options, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const { violations } = reportSchema.parse(JSON.parse(report)).summary;
  found = violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const broken: Readonly<Record<string, readonly string[]>> = {
  'workflows-are-deterministic': [
    'workflows/messages.ts -> activities/publish.ts',
    'workflows/messages.ts -> crypto',
    'workflows/messages.ts -> node_modules/zod/index.js',
  ],
  'workflows-borrow-types-of-activities-only': ['workflows/messages.ts -> src/ledger/posts.ts'],
  'ground-knows-no-room': ['src/runtime/env.ts -> src/ledger/schema.ts'],
  'ledger-knows-only-the-rules': ['src/ledger/posts.ts -> src/publishing/points.ts'],
  'publishing-knows-no-door': [
    'src/publishing/attempt.ts -> src/recovery/items.ts',
    'src/publishing/tool-calls.ts -> src/pipeline/runs.ts',
  ],
  'pipeline-stands-on-publishing': ['src/pipeline/runs.ts -> src/recovery/items.ts'],
  'media-store-knows-no-publish': ['src/mediastore/store.ts -> src/publishing/points.ts'],
  'handoff-stands-beside-publishing': ['src/recovery/story.ts -> src/handoff/pack.ts'],
  'identity-knows-only-the-wire': ['src/identity/provider.ts -> src/ledger/posts.ts'],
  'boot-puts-together': ['src/api/get-health.ts -> src/boot/worker.ts', 'src/recovery/items.ts -> src/boot/context.ts'],
  'connections-know-no-door': ['src/connections/flow.ts -> src/recovery/items.ts'],
  'notifications-only-read-and-tell': ['src/notifications/look.ts -> src/publishing/points.ts'],
  'proof-knows-no-door': ['src/proof/b.ts -> src/transport/send.ts'],
  'local-is-for-npm-start': ['src/api/get-health.ts -> src/local/run-start.ts'],
  'domain-is-pure': [
    'src/domain/clock.ts -> fs',
    'src/domain/clock.ts -> node_modules/ms/index.js',
    'src/domain/clock.ts -> src/transport/send.ts',
  ],
  'sandbox-stands-alone': ['src/sandbox/judge.ts -> src/domain/causes.ts'],
  'platforms-know-only-the-contract': ['src/platforms/x/adapter.ts -> src/ledger/posts.ts'],
  'platforms-do-not-know-each-other': [
    'src/platforms/instagram/adapter.ts -> src/platforms/x/adapter.ts',
    'src/platforms/meta/graph-call.ts -> src/platforms/x/adapter.ts',
  ],
  'transport-is-a-door': ['src/transport/send.ts -> src/ledger/posts.ts'],
  'ledger-owns-the-tables': [
    'src/proof/a.ts -> node_modules/drizzle-orm/index.js',
    'src/proof/a.ts -> src/ledger/schema.ts',
    'src/runtime/env.ts -> src/ledger/schema.ts',
  ],
  'doors-are-last': ['src/boot/worker.ts -> src/api/server.ts'],
  'doors-do-not-know-each-other': ['src/cli/main.ts -> src/api/get-health.ts', 'src/cli/main.ts -> src/api/server.ts'],
  'product-does-not-need-its-tests': ['src/boot/worker.ts -> test/helper.ts'],
  'no-development-packages-in-the-product': ['src/boot/worker.ts -> node_modules/vitest/index.js'],
  'no-undeclared-packages': ['src/boot/worker.ts -> node_modules/left-pad/index.js'],
  'no-broken-imports': ['src/boot/worker.ts -> ./nowhere.ts'],
  'no-cycles': ['src/proof/a.ts -> src/proof/b.ts'],
  'no-orphans': ['src/proof/left-over.ts -> src/proof/left-over.ts'],
};

describe('a tree that breaks every import rule once', () => {
  test.each(Object.entries(broken))('turns %s red where it is broken', (rule, places) => {
    expect(found.filter((line) => line.startsWith(`${rule}: `)).sort()).toEqual(
      places.map((place) => `${rule}: ${place}`).sort(),
    );
  });

  test('turns no other rule red', () => {
    expect([...new Set(found.map((line) => line.split(':')[0]))].sort()).toEqual(Object.keys(broken).sort());
  });
});
