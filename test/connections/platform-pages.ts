// The stand-ins' own pages, as the person at the browser uses them.
import type { Stage } from '../harness/stage.ts';

export const PLATFORMS = ['x', 'instagram'] as const;
export type Platform = (typeof PLATFORMS)[number];

export const apiBaseOf = (stage: Stage, platform: Platform) =>
  `${stage.sandboxUrl}/${platform}${platform === 'instagram' ? '/v25.0' : ''}`;

export interface Verdict {
  /** The account the person is signed in as. */
  readonly account?: string;
  readonly verdict?: 'allow' | 'deny';
  /** The scopes that are allowed; all without it. */
  readonly scopes?: readonly string[];
}

/** Decides on the platform's page; answers where it sends the browser back to. */
export async function decideAt(page: string, { account = '', verdict = 'allow', scopes }: Verdict): Promise<string> {
  const asked = (new URL(page).searchParams.get('scope') ?? '').split(/[ ,]/);
  const body = new URLSearchParams({ account, verdict });
  for (const scope of scopes ?? asked) body.append('scope', scope);
  const response = await fetch(page, { method: 'POST', body, redirect: 'manual' });
  const back = response.headers.get('location');
  if (back === null) throw new TypeError(`the platform's page answered ${response.status}: ${await response.text()}`);
  return back.replace(/#.*$/, '');
}
