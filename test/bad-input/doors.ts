// The four doors through which a post comes in, each answering with the refusal it gave.

import { randomUUID } from 'node:crypto';
import { OncepostRefused } from '../../src/client/client.ts';
import { errorBodySchema } from '../../src/domain/api/api-problems.ts';
import { MEDIA_TYPES } from '../../src/domain/schedules/media-type.ts';
import { SCHEDULE_ID } from '../../src/domain/schedules/schedule-id.ts';
import type { Asked } from '../api/open-api.ts';
import { type Ended, oncepost } from '../harness/program.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { MEDIA_HOST } from './bad-post.ts';
import type { Place } from './place.ts';
import { type Refusal, readRefusal, refusalOfRun } from './refusal.ts';

/** A refusal is final: nothing is tried again, so nothing takes longer, even on a busy machine. */
export const AT_ONCE_MS = 30_000;

/** POST /api/schedules. */
export async function throughApi({ api }: Place, asked: Asked): Promise<Refusal & { readonly status: number }> {
  const answer = await api.ask('POST', '/api/schedules', asked);
  return { status: answer.status, ...readRefusal(errorBodySchema.parse(answer.body).error) };
}

/** The TypeScript client, called as JavaScript may call it: with anything. */
export async function throughClient({ api }: Place, post: unknown, options?: object): Promise<Refusal> {
  const client = api.client();
  const error = await Reflect.apply(client.schedule, client, [post, options]).catch((thrown: unknown) => thrown);
  if (!(error instanceof OncepostRefused)) throw new TypeError('the client did not refuse', { cause: error });
  const { code, message, problems } = error;
  return readRefusal({ code, message, problems });
}

/** A workflow start in a workspace with the post as it is, beside the workspace's name where there is room for it. */
export async function throughBareStart({ stage }: Place, post: unknown, workspace = WORKSPACE): Promise<Refusal> {
  const id = idOf(post) ?? randomUUID();
  const handle = await stage.temporal.workflow.start('publish', {
    workflowId: `publish/${workspace}/${id}`,
    taskQueue: stage.taskQueue,
    args: [{ schedule: isObject(post) ? { workspace, ...post } : post }],
  });
  const failure = await stage.temporal.withDeadline(Date.now() + AT_ONCE_MS, () => handle.result()).catch(refusalOfRun);
  const { events } = await handle.fetchHistory();
  if (events?.some((event) => event.timerStartedEventAttributes)) throw new TypeError('the run waited');
  const { code, message, problems } = failure;
  return { code, message, problems };
}

/** `oncepost publish` as a process of its own. */
export function throughCommandLine({ api, stage }: Place, args: readonly string[]): Promise<Ended> {
  return oncepost(['publish', ...args], {
    ONCEPOST_DATA: stage.folder,
    ONCEPOST_URL: api.url,
    ONCEPOST_API_KEY: api.key,
  });
}

/** The words of the command line for a post; null for one that no words can say. */
export function argumentsFor(post: unknown, mediaUrl: string): string[] | null {
  if (!isObject(post)) return null;
  const args: string[] = [];
  for (const [key, value] of Object.entries(post)) {
    const words = argumentFor(key, value, mediaUrl);
    if (words === null) return null;
    args.push(...words);
  }
  // No argument holds NUL, half a character becomes another on its way, and Linux takes none of more than 128 KiB.
  const fits = (word: string) => word.isWellFormed() && !word.includes('\0') && Buffer.byteLength(word) < 131_072;
  return args.every(fits) && 'account' in post ? args : null;
}

const NAMES: Readonly<Record<string, string>> = {
  account: '--account',
  text: '--text',
  id: '--id',
  platform: '--platform',
  publishAt: '--at',
};

function argumentFor(key: string, value: unknown, mediaUrl: string): string[] | null {
  if (key === 'options') return [`--options=${JSON.stringify(value)}`];
  if (key === 'media') return Array.isArray(value) ? mediaArguments(value, mediaUrl) : null;
  const name = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  return name !== undefined && typeof value === 'string' ? [`${name}=${value}`] : null;
}

/** Type and size are read from the file, so only an item can be said whose file there is. */
function mediaArguments(items: readonly unknown[], mediaUrl: string): string[] | null {
  const words = items.map((item) => {
    if (!isObject(item)) return null;
    const { url, altText, mediaType, sizeBytes, ...more } = item;
    const there = typeof sizeBytes === 'number' && sizeBytes > 0 && MEDIA_TYPES.some((type) => type === mediaType);
    const served = there && url === `${MEDIA_HOST}/${String(mediaType)}/${String(sizeBytes)}`;
    const unfit = typeof url === 'string' && !url.startsWith(`${MEDIA_HOST}/`);
    if (!(served || unfit) || Object.keys(more).length > 0) return null;
    const alt = typeof altText === 'string' ? [`--alt=${altText}`] : [];
    return [`--media=${url.replace(MEDIA_HOST, mediaUrl)}`, ...alt];
  });
  return words.every((word) => word !== null) ? words.flat() : null;
}

function idOf(post: unknown): string | undefined {
  return isObject(post) && typeof post.id === 'string' && SCHEDULE_ID.test(post.id) ? post.id : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
