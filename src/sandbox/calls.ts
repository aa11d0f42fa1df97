// Every call the stand-ins received, with what became of it: tests count creates here, not in our own code.
import { z } from 'zod';
import type { Journal } from './journal.ts';

/** The record of one received call. */
export const callSchema = z.object({
  platform: z.string(),
  /** Null when the call carried no token the stand-in knows. */
  account: z.string().nullable(),
  /** The call's name, with its variant after a dot where it has one (`create_container.child`). */
  call: z.string(),
  atMs: z.number(),
  /** True when the call took effect, whatever its sender was told. */
  committed: z.boolean(),
  /** What the sender was told; null when no answer left. */
  status: z.number().nullable(),
  /** The kind of the fault that met it. */
  fault: z.string().nullable(),
});

/** One received call. */
export type ReceivedCall = z.infer<typeof callSchema>;

/** Which calls to show; a name without its variant matches every variant. */
export type CallFilter = { platform?: string | undefined; account?: string | undefined; call?: string | undefined };

/** The log of received calls, oldest first. */
export type Calls = { record(call: ReceivedCall): void; list(filter: CallFilter): ReceivedCall[] };

/** True when a filter or fault written for `wanted` covers a call of this name. */
export function coversCall(wanted: string, call: string): boolean {
  return wanted === '*' || wanted === call || call.startsWith(`${wanted}.`);
}

/** Opens the log over the journal. */
export function openCalls(journal: Journal): Calls {
  let calls: ReceivedCall[] = [];
  const room = journal.room({
    name: 'calls',
    schema: callSchema,
    apply: (call) => calls.push(call),
    clear: () => {
      calls = [];
    },
  });
  return {
    record: (call) => room.put(call),
    list: ({ platform, account, call }) =>
      calls.filter(
        (received) =>
          (!platform || received.platform === platform) &&
          (!account || received.account === account) &&
          (!call || coversCall(call, received.call)),
      ),
  };
}
