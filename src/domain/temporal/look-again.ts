// The word between our own parts that the ledger has changed from outside a publish's run: an edit, an approval, a cancel from
// a page. It is no operator's message: it decides nothing, it only lets the run read the ledger earlier than it would.

export const LOOK_AGAIN = 'lookAgain';
