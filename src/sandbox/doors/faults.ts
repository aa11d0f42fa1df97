// Doors that schedule faults and tell which have fired. A fault nothing can ever meet is refused, not kept in silence.
import { Hono } from 'hono';
import { z } from 'zod';
import { coversCall } from '../calls.ts';
import type { StandIn } from '../contract.ts';
import type { Fault } from '../faults/kinds.ts';
import type { SandboxEnv } from '../request.ts';
import { standInOf } from './accounts.ts';
import { newFaultSchema } from './bodies.ts';
import { type DoorContext, DoorRefused } from './context.ts';

const outageSchema = z.strictObject({ ms: z.number().int().positive() });

/** Registers the fault doors. */
export function faultDoors(context: DoorContext): Hono<SandboxEnv> {
  const { faults } = context.rooms;
  const app = new Hono<SandboxEnv>();
  app.post('/faults', async (c) => c.json(schedule(context, await c.req.json()), 201));
  app.get('/faults', (c) => {
    const account = c.req.query('account');
    return c.json({ faults: faults.all().filter((fault) => account === undefined || fault.account === account) });
  });
  app.delete('/faults', (c) => {
    faults.cancel(c.req.query('account'));
    return c.json({ faults: faults.all() });
  });
  app.post('/outage', async (c) => {
    const { ms } = outageSchema.parse(await c.req.json());
    // The answer leaves first; then nobody is there to answer.
    setImmediate(() => setTimeout(() => context.listener.refuseForMs(ms), 20));
    return c.json({ ms });
  });
  return app;
}

function schedule(context: DoorContext, body: unknown) {
  const wanted = newFaultSchema.parse(body);
  const standIn = standInOf(context, wanted.platform);
  const prefix = `${wanted.platform}.`;
  if (wanted.call !== '*' && !standIn.calls.some((call) => coversCall(wanted.call, call))) {
    throw new DoorRefused(400, `${wanted.platform} has no call "${wanted.call}"; it has: ${standIn.calls.join(', ')}.`);
  }
  const fault = withLocalPreset(wanted.fault, prefix);
  refuseUnknownWords(standIn, fault);
  return context.rooms.faults.schedule({
    platform: wanted.platform,
    account: wanted.account ?? null,
    call: wanted.call,
    fault,
    timesLeft: wanted.times,
    skipLeft: wanted.skip,
  });
}

/** A preset may be written with its platform (`x.credits_depleted`). */
function withLocalPreset(fault: Fault, prefix: string): Fault {
  if (!('preset' in fault) || fault.preset === undefined || !fault.preset.startsWith(prefix)) return fault;
  return { ...fault, preset: fault.preset.slice(prefix.length) };
}

function refuseUnknownWords({ platform, refusals }: StandIn, fault: Fault): void {
  const known = Object.keys(refusals.presets);
  if ('preset' in fault && fault.preset !== undefined && !known.includes(fault.preset)) {
    throw new DoorRefused(400, `${platform} has no preset "${fault.preset}"; it has: ${known.join(', ')}.`);
  }
  const forms = Object.keys(refusals.rateLimited);
  if (fault.kind === 'rate_limited' && fault.form !== undefined && !forms.includes(fault.form)) {
    throw new DoorRefused(400, `${platform} has no rate limit form "${fault.form}"; it has: ${forms.join(', ')}.`);
  }
}
