// The stage of the sandbox's own tests: a sandbox on a free port over a new folder, and raw requests to it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AccountCard,
  createSandboxControl,
  type NewAccount,
  type SandboxControl,
} from '../../src/sandbox/control.ts';
import { startSandbox } from '../../src/sandbox/start.ts';

/** A sandbox for one test file. */
export type Stage = { url: string; control: SandboxControl; close(): Promise<void> };

/** How long to wait for what must come: slow machines may take it, a missing event ends it. */
export const patience = { timeout: 120_000 };

/** A folder that goes away with the test. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'oncepost-sandbox-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a sandbox on a free port. */
export async function openStage(): Promise<Stage> {
  const folder = temporaryFolder();
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0, dataFolder: folder.path });
  return {
    url: sandbox.url,
    control: createSandboxControl(sandbox.url),
    close: async () => {
      await sandbox.close();
      folder.remove();
    },
  };
}

/** What a call was answered: everything a client can see. */
export type Reply = { status: number; headers: Headers; text: string; body: unknown };

/** Sends one request and reads the whole answer; the body is parsed where it is JSON. */
export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A GET with the account's access token. */
export function get(url: string, token: string): Promise<Reply> {
  return send(url, { headers: { authorization: `Bearer ${token}` } });
}

/** A POST of JSON with the account's access token. */
export function post(url: string, token: string, body: unknown, signal?: AbortSignal): Promise<Reply> {
  return send(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

/** Posts a text on X. */
export function tweet(stage: Stage, account: AccountCard, text: string, signal?: AbortSignal): Promise<Reply> {
  return post(`${stage.url}/x/2/tweets`, account.accessToken, { text }, signal);
}

/** A new X account whose calls are not counted against it. */
export function xAccount(stage: Stage, more: Partial<NewAccount> = {}): Promise<AccountCard> {
  return stage.control.createAccount({ platform: 'x', name: 'Ada', ...more });
}
