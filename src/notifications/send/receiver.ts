// What the answer of a receiver over HTTP means. Its body is not kept: nobody knows what is in it.
import type { Exchange } from '../../transport/exchange.ts';
import type { Sent } from './message.ts';

const LATE = 'The receiver did not answer in time.';

const FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name of the receiver is not known.',
  EAI_AGAIN: 'The name of the receiver could not be looked up just now.',
  ECONNREFUSED: 'Nothing listens at the address of the receiver.',
  PrivateAddress: 'The address leads into a private network, which notifications.private_addresses does not allow.',
};

/** Success is any 2xx; redirects are not followed; 410 means that nothing more is wanted (Standard Webhooks). */
export function readReceiver(exchange: Exchange): Sent {
  if (exchange.kind !== 'answer') {
    if (exchange.kind === 'no_answer' && exchange.reason === 'timeout') return { kind: 'away', failure: LATE };
    const failure = FAILURES[exchange.detail] ?? `The receiver could not be reached (${exchange.detail}).`;
    return { kind: 'away', failure };
  }
  const { status } = exchange;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  const failure = `The receiver answered ${status}.`;
  if (status === 410) return { kind: 'refused', failure: `${failure} It wants nothing more of it.`, final: true };
  if (status >= 500 || status === 429 || status === 408) return { kind: 'away', failure };
  return { kind: 'refused', failure, final: false };
}
