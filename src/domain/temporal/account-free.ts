// The word between our own parts that a publish's account is free and its turn has come. It is no operator's message: it
// decides nothing, it only lets the publish ask for the account earlier than its timer would.

export const ACCOUNT_FREE = 'accountFree';
