// Instagram's containers: invisible until published, ready after a while, dead after a day.
import { z } from 'zod';
import type { Journal } from '../journal.ts';

const containerSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  shape: z.enum(['single', 'child', 'parent']),
  mediaType: z.enum(['IMAGE', 'VIDEO', 'REELS', 'CAROUSEL']),
  caption: z.string(),
  altText: z.string().nullable(),
  children: z.array(z.string()),
  /** Where its media comes from; null for a carousel. */
  sourceUrl: z.string().nullable(),
  createdAtMs: z.number(),
  /** When its media had been fetched; null while that goes on. */
  fetchedAtMs: z.number().nullable(),
  /** How long processing takes from then; null: for ever. */
  processingMs: z.number().nullable(),
  /** The subcode it fails with at the end of processing. */
  failure: z.string().nullable(),
  publishedAs: z.string().nullable(),
  publishedAtMs: z.number().nullable(),
});

/** One container. */
export type Container = z.infer<typeof containerSchema>;

/** The words of `status_code`. */
export type StatusCode = 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'ERROR' | 'EXPIRED';

/** The store of containers. */
export type Containers = {
  put(container: Container): void;
  find(id: string): Container | undefined;
  /** Containers whose media was still being fetched when the sandbox stopped. */
  unfetched(): Container[];
};

const lifetimeMs = 24 * 60 * 60_000;

/** Opens the store over the journal. */
export function openContainers(journal: Journal): Containers {
  const containers = new Map<string, Container>();
  const room = journal.room({
    name: 'instagram.containers',
    schema: containerSchema,
    apply: (container) => containers.set(container.id, container),
    clear: () => containers.clear(),
  });
  return {
    put: (container) => room.put(container),
    find: (id) => containers.get(id),
    unfetched: () => [...containers.values()].filter((container) => container.fetchedAtMs === null),
  };
}

/** When its media is ready; infinite while it is fetched, or processed for ever. */
export function readyAtMs({ fetchedAtMs, processingMs }: Container): number {
  return fetchedAtMs === null || processingMs === null ? Number.POSITIVE_INFINITY : fetchedAtMs + processingMs;
}

/** Where a container stands, as publishing sees it. */
export function statusOf(container: Container, nowMs: number): StatusCode {
  if (container.publishedAs !== null) return 'PUBLISHED';
  if (nowMs - container.createdAtMs >= lifetimeMs) return 'EXPIRED';
  if (nowMs < readyAtMs(container)) return 'IN_PROGRESS';
  return container.failure === null ? 'FINISHED' : 'ERROR';
}

/** Where it stands as a read tells it: a published one may say FINISHED for a while. */
export function shownStatus(container: Container, statusLagMs: number | 'forever', nowMs: number): StatusCode {
  const publishedAtMs = container.publishedAtMs ?? Number.NEGATIVE_INFINITY;
  const isStale = statusLagMs === 'forever' || nowMs < publishedAtMs + statusLagMs;
  return statusOf(isStale ? { ...container, publishedAs: null } : container, nowMs);
}
