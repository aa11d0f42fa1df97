// The control doors under /_sandbox: JSON in, JSON out, for tests and for the practice night. No platform has them.
import { Hono } from 'hono';
import { z } from 'zod';
import type { SandboxEnv } from '../request.ts';
import { accountDoors } from './accounts.ts';
import { type DoorContext, DoorRefused } from './context.ts';
import { faultDoors } from './faults.ts';
import { recordDoors } from './record.ts';

/** Makes all doors. Nothing answers before the journal has what it did. */
export function controlDoors(context: DoorContext): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();
  app.use(async (_c, next) => {
    await next();
    context.rooms.journal.flush();
  });
  app.onError((error, c) => {
    if (error instanceof DoorRefused) return c.json({ error: error.message }, error.status);
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    return c.json({ error: error.message }, 500);
  });
  app.get('/', (c) => c.json({ platforms: [...context.standIns.keys()], nowMs: context.rooms.clock.now() }));
  app.route('/', accountDoors(context));
  app.route('/', faultDoors(context));
  app.route('/', recordDoors(context));
  return app;
}
