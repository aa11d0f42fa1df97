// The link that a start prints, made by a program of ours. It is a key: it goes to the terminal, and into no log.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ChildContext } from './child.ts';

const MADE_WITHIN_MS = 60_000;

/** The link, or why there is none. */
export type SignInLink =
  | { readonly url: string; readonly failed?: never }
  | { readonly url?: never; readonly failed: string };

/** Runs the command that prints a link. */
export async function signInLink(
  args: readonly string[],
  environment: ChildContext['environment'],
): Promise<SignInLink> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...args], {
      env: environment,
      timeout: MADE_WITHIN_MS,
    });
    return { url: stdout.trim() };
  } catch {
    return { failed: 'a link could not be made; "npx oncepost sign-in" makes one' };
  }
}
