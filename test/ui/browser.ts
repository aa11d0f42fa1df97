// A headless Chromium with a profile of its own, for tests that use a page as a person does.
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** Opens the browser that `npm test` has made sure of; close it at the end. */
export async function openBrowser({ javaScriptEnabled = true } = {}): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'oncepost-browser-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: programOnPath('chromium'),
    headless: true,
    args: ARGS,
    javaScriptEnabled,
    viewport: { width: 1600, height: 1400 },
  });
  context.setDefaultTimeout(60_000);
  return {
    newPage: () => context.newPage(),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

function programOnPath(name: string): string {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const path = paths.find(isExecutable);
  if (path === undefined) throw new TypeError(`there is no ${name} on the PATH; npm test installs it where it may`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
