// A fault proxy in front of a Ghost, its calls named by what they do, and errors as Ghost words them.
import { type FaultProxy, startFaultProxy } from '../pds/fault-proxy.ts';
import type { OwnEnding } from '../pds/faults.ts';

/** What the adapter asks of Ghost. */
export const GHOST_CALLS = [
  'publish',
  'makeDraft',
  'deletePost',
  'readPost',
  'listPosts',
  'listPages',
  'listTags',
  'uploadImage',
] as const;
export type GhostCall = (typeof GHOST_CALLS)[number];

const NAMES: readonly (readonly [method: string, path: RegExp, call: GhostCall])[] = [
  ['PUT', /^posts\/[^/]+\/$/, 'publish'],
  ['POST', /^posts\/$/, 'makeDraft'],
  ['DELETE', /^posts\/[^/]+\/$/, 'deletePost'],
  ['GET', /^posts\/[^/]+\/$/, 'readPost'],
  ['GET', /^posts\/$/, 'listPosts'],
  ['GET', /^pages\/$/, 'listPages'],
  ['GET', /^tags\/$/, 'listTags'],
  ['POST', /^images\/upload\/$/, 'uploadImage'],
];

export function startGhostProxy(url: string): Promise<FaultProxy> {
  return startFaultProxy({
    target: url,
    callOf({ method, url: address }) {
      const path = (address.split('?')[0] ?? '').replace(/^\/ghost\/api\/admin\//, '');
      return NAMES.find((name) => name[0] === method && name[1].test(path))?.[2] ?? `${method} ${path}`;
    },
  });
}

/** An error as Ghost words it. */
export function ghostError(
  status: number,
  type: string,
  { code = null, message = type }: { readonly code?: string | null; readonly message?: string } = {},
  headers: Readonly<Record<string, string>> = {},
): OwnEnding {
  const error = {
    message,
    context: null,
    type,
    details: null,
    property: null,
    help: null,
    code,
    id: 'x',
    ghostErrorCode: null,
  };
  const body = JSON.stringify({ errors: [error] });
  return { kind: 'answer', status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}
