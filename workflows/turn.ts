// The turn of a publish at its account: while another publish holds it, this one waits here, and whoever gives the account
// back says when the turn has come.

export interface Turn {
  /** The word has come since the account was last asked for. */
  came(): boolean;
  /** Said from outside, at any time. */
  call(): void;
  /** The account is asked for now: an earlier word has served. */
  taken(): void;
}

export function openTurn(): Turn {
  let called = false;
  return {
    came: () => called,
    call() {
      called = true;
    },
    taken() {
      called = false;
    },
  };
}
