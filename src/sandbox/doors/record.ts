// Doors that read the record (what is live, what was called), shift the clock, and begin again from nothing.
import { Hono } from 'hono';
import { z } from 'zod';
import type { SandboxEnv } from '../request.ts';
import { type DoorContext, DoorRefused } from './context.ts';

const clockSchema = z.strictObject({ offsetMs: z.number().int() });

/** Registers the record doors. */
export function recordDoors({ rooms }: DoorContext): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.get('/live', (c) => c.json({ posts: rooms.posts.live(c.req.query('platform'), c.req.query('account')) }));
  app.delete('/live/:platform/:id', (c) => {
    const post = rooms.posts.find(c.req.param('platform'), c.req.param('id'));
    if (!post) throw new DoorRefused(404, `There is no post ${c.req.param('id')} on ${c.req.param('platform')}.`);
    rooms.posts.put({ ...post, deletedAtMs: rooms.clock.now() });
    return c.json({ deleted: post.id });
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
