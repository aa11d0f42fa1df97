// The door to public pages, as a visitor goes through it: one answer at a time, redirects not followed, of bounded size and time. It
// leads into no private network, but to the sites that the settings name themselves.
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { connector } from './connector.ts';
import { codeOf, discard } from './media-door.ts';
import { type Outbound, signed } from './outbound.ts';
import { type AddressRule, assertHost, guardedLookup, isPublicAddress, PrivateAddress } from './public-address.ts';

const CONNECT_TIMEOUT_MS = 10_000;

export interface VisitSettings extends Outbound {
  /** The longest one answer may take, whole. */
  readonly timeoutMs: number;
  /** The longest page that is read, decoded. */
  readonly limitBytes: number;
  /** Which addresses are public; those of the internet unless told otherwise. */
  readonly isPublic?: AddressRule | undefined;
}

export interface VisitRequest {
  readonly url: string;
  /** `HEAD` and a ranged `GET` ask only whether something is there: their body is not read. */
  readonly want: 'page' | 'feed' | 'head' | 'first_byte';
  /** Sites that whoever wrote the settings named: these alone may lie in a private network, as `https://host:port`. */
  readonly ownOrigins: ReadonlySet<string>;
}

/** Header names are lower case; `body` is decoded, and empty where it was not wanted. */
export type VisitAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'problem';
      readonly problem: 'unreachable' | 'timeout' | 'broken_off' | 'private_address' | 'too_large';
    };

export interface VisitDoor {
  ask(request: VisitRequest): Promise<VisitAnswer>;
  close(): Promise<void>;
}

/** Opens the door. Compressed answers are asked for, as visitors do: caches keep them apart from plain ones. */
export function createVisitDoor(settings: VisitSettings): VisitDoor {
  const { timeoutMs, limitBytes, isPublic = isPublicAddress } = settings;
  const wayBy = (mayReach: AddressRule) => {
    const timeouts = { timeoutMs: Math.min(timeoutMs, CONNECT_TIMEOUT_MS), lookup: guardedLookup(mayReach), mayReach };
    return { mayReach, agent: new Agent({ allowH2: false, connect: connector(settings, timeouts) }) };
  };
  const [toOwn, toPublic] = [wayBy(() => true), wayBy(isPublic)];
  return {
    async ask({ url: address, want, ownOrigins }) {
      const signal = AbortSignal.timeout(timeoutMs);
      let answering = false;
      try {
        const url = new URL(address);
        const { mayReach, agent } = ownOrigins.has(url.origin) ? toOwn : toPublic;
        assertHost(url, mayReach);
        const response = await agent.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: want === 'head' ? 'HEAD' : 'GET',
          headers: signed(settings, headersFor(want)),
          signal,
        });
        answering = true;
        return await read(response, want, limitBytes);
      } catch (error) {
        return { kind: 'problem', problem: problemOf(error, { answering, late: signal.aborted }) };
      }
    },
    async close() {
      await Promise.all([toOwn.agent.destroy(), toPublic.agent.destroy()]);
    },
  };
}

const ACCEPTED = {
  page: 'text/html,application/xhtml+xml',
  feed: 'application/atom+xml,application/rss+xml,application/xml;q=0.9,text/xml;q=0.9',
};
const isRead = (want: VisitRequest['want']): want is keyof typeof ACCEPTED => Object.hasOwn(ACCEPTED, want);

/** `no-cache`: caches on the way ask the site again (RFC 9111, 5.2.1.4). */
function headersFor(want: VisitRequest['want']): Record<string, string> {
  const fresh = { 'cache-control': 'no-cache', pragma: 'no-cache' };
  if (isRead(want)) return { ...fresh, accept: ACCEPTED[want], 'accept-encoding': 'gzip, deflate, br' };
  return {
    ...fresh,
    accept: '*/*',
    'accept-encoding': 'identity',
    ...(want === 'first_byte' ? { range: 'bytes=0-0' } : {}),
  };
}

async function read(
  response: Dispatcher.ResponseData,
  want: VisitRequest['want'],
  limitBytes: number,
): Promise<VisitAnswer> {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]),
  );
  const answer = { kind: 'answer', status: response.statusCode, headers } as const;
  if (!isRead(want)) {
    if (want === 'head') await discard(response);
    else response.body.on('error', () => undefined).destroy();
    return { ...answer, body: new Uint8Array() };
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > limitBytes) return { kind: 'problem', problem: 'too_large' };
    chunks.push(chunk);
  }
  return { ...answer, body: decoded(Buffer.concat(chunks), headers['content-encoding'] ?? '', limitBytes) };
}

function decoded(body: Uint8Array, encoding: string, maxOutputLength: number): Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name === 'gzip' || name === 'x-gzip') return gunzipSync(body, { maxOutputLength });
  if (name === 'br') return brotliDecompressSync(body, { maxOutputLength });
  return name === 'deflate' ? inflateSync(body, { maxOutputLength }) : body;
}

function problemOf(error: unknown, { answering, late }: { answering: boolean; late: boolean }) {
  if (error instanceof PrivateAddress) return 'private_address';
  if (late) return 'timeout';
  const code = codeOf(error);
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'too_large';
  if (code.endsWith('_TIMEOUT')) return 'timeout';
  return answering ? 'broken_off' : 'unreachable';
}
