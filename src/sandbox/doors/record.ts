// Doors that read the record (what is live, what was called), shift the clock, and begin again from nothing.
import { Hono } from 'hono';
import { z } from 'zod';
import type { Post } from '../posts.ts';
import type { SandboxEnv } from '../request.ts';
import { type DoorContext, DoorRefused } from './context.ts';

const clockSchema = z.strictObject({ offsetMs: z.number().int() });

/** Registers the record doors. */
export function recordDoors({ rooms }: DoorContext): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.get('/live', (c) => c.json({ posts: rooms.posts.live(c.req.query('platform'), c.req.query('account')) }));
  app.delete('/live/:platform/:id', (c) => {
    const post = postOf(rooms, c.req.param());
    rooms.posts.put({ ...post, deletedAtMs: rooms.clock.now() });
    return c.json({ deleted: post.id });
  });
  app.put('/live/:platform/:id/listed', (c) => {
    const post = postOf(rooms, c.req.param());
    rooms.posts.put({ ...post, listedFromMs: rooms.clock.now() });
    return c.json({ listed: post.id });
  });
  app.get('/calls', (c) =>
    c.json({
      calls: rooms.calls.list({
        platform: c.req.query('platform'),
        account: c.req.query('account'),
        call: c.req.query('call'),
      }),
    }),
  );
  app.post('/clock', async (c) => {
    rooms.clock.setOffsetMs(clockSchema.parse(await c.req.json()).offsetMs);
    return c.json({ nowMs: rooms.clock.now() });
  });
  app.post('/reset', (c) => {
    rooms.journal.reset();
    return c.json({ reset: true });
  });
  return app;
}

function postOf({ posts }: DoorContext['rooms'], { platform, id }: { platform: string; id: string }): Post {
  const post = posts.find(platform, id);
  if (post) return post;
  throw new DoorRefused(404, `There is no post ${id} on ${platform}.`);
}
