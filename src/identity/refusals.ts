// The two ways in which signing in through a provider fails, named by what happens next.

/** The provider cannot be used now, or is not set up as it says: nobody is signed in; it may be tried again. */
export class ProviderAway extends Error {
  override readonly name = 'ProviderAway';
}

/** The provider's answer proves nothing: nobody is signed in; whoever it is begins anew. */
export class NotProven extends Error {
  override readonly name = 'NotProven';
  /** The person said no at the provider. */
  readonly declined: boolean;
  constructor(
    message: string,
    { cause, declined = false }: { readonly cause?: unknown; readonly declined?: boolean } = {},
  ) {
    super(message, { cause });
    this.declined = declined;
  }
}
