// Where a publish stands for a moment when its account is held by another publish of this process: a burst of short posts
// to one account then costs nothing more. Few stand, and not for long; the others wait in the ledger's queue.
import { pause } from './pause.ts';

export interface TurnstileLimits {
  /** Publishes that may stand for one account. */
  readonly perAccount: number;
  /** Publishes that may stand in all: each takes a slot of the worker. */
  readonly inAll: number;
}

export interface Turnstile {
  /** Says that a publish of this process holds the account until the answered function is called, once or more often. */
  hold(accountId: string): () => void;
  /**
   * Stands until the publish that holds the account has ended, at most so long. False at once, or at the end, where it is
   * not worth standing: nobody here holds the account, enough stand already, or the time is up.
   */
  stand(accountId: string, mostMs: number, withdrawn: AbortSignal): Promise<boolean>;
}

interface Account {
  holders: number;
  /** First come, first through. */
  readonly standing: (() => void)[];
}

export function createTurnstile({ perAccount, inAll }: TurnstileLimits): Turnstile {
  const accounts = new Map<string, Account>();
  let standing = 0;

  function hold(accountId: string): () => void {
    const account = accounts.get(accountId) ?? { holders: 0, standing: [] };
    accounts.set(accountId, account);
    account.holders += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      account.holders -= 1;
      account.standing.shift()?.();
      forgetIdle(accountId, account);
    };
  }

  function forgetIdle(accountId: string, account: Account): void {
    if (account.holders === 0 && account.standing.length === 0) accounts.delete(accountId);
  }

  async function stand(accountId: string, mostMs: number, withdrawn: AbortSignal): Promise<boolean> {
    const account = accounts.get(accountId);
    if (!account || account.standing.length >= perAccount || standing >= inAll) return false;
    const turn = new AbortController();
    const called = () => turn.abort();
    account.standing.push(called);
    standing += 1;
    await pause(mostMs, AbortSignal.any([turn.signal, withdrawn]));
    standing -= 1;
    const place = account.standing.indexOf(called);
    if (place >= 0) account.standing.splice(place, 1);
    forgetIdle(accountId, account);
    return turn.signal.aborted;
  }

  return { hold, stand };
}
