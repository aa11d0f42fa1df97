// Instagram calls for the sandbox's tests.
import { expect } from 'vitest';
import { z } from 'zod';
import type { AccountCard, NewAccount } from '../../src/sandbox/control.ts';
import { get, type Reply, type Stage, send } from './stage.ts';

const withId = z.object({ id: z.string() });
const withStatus = z.object({ status_code: z.string() });

/** A new Instagram account; media is ready at once unless told otherwise. */
export function instagramAccount(stage: Stage, more: Partial<NewAccount> = {}): Promise<AccountCard> {
  const { settings, ...rest } = more;
  return stage.control.createAccount({
    platform: 'instagram',
    name: 'Ada',
    settings: { processingMs: 0, ...settings },
    ...rest,
  });
}

/** The calls of an account. */
export function instagramOf(stage: Stage, account: AccountCard) {
  const base = `${stage.url}/instagram/v25.0`;
  const call = (path: string, parameters: Record<string, string>, signal?: AbortSignal): Promise<Reply> =>
    send(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${account.accessToken}` },
      body: new URLSearchParams(parameters),
      ...(signal ? { signal } : {}),
    });
  const create = (parameters: Record<string, string>) => call(`/${account.igUserId}/media`, parameters);
  const image = { image_url: `${stage.url}/media/sample.jpg` };
  const read = (path: string) => get(`${base}${path}`, account.accessToken);
  return {
    image,
    video: { video_url: `${stage.url}/media/sample.mp4` },
    create,
    read,
    /** Creates a container and answers its id. */
    created: async (parameters: Record<string, string>) => {
      const reply = await create(parameters);
      expect(reply.status, reply.text).toBe(200);
      return withId.parse(reply.body).id;
    },
    publish: (creationId: string, signal?: AbortSignal) =>
      call(`/${account.igUserId}/media_publish`, { creation_id: creationId }, signal),
    status: async (containerId: string) =>
      withStatus.parse((await read(`/${containerId}?fields=status_code,status`)).body).status_code,
    list: (fields = 'id,caption') => read(`/${account.igUserId}/media?fields=${fields}`),
  };
}
