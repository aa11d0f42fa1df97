// The addresses between us and the provider.

/** Where the way to the provider begins. */
export const START_ADDRESS = '/sign-in/with-provider';
/** Where the provider sends people back to; registered there with the public address before it. */
export const CALLBACK_ADDRESS = '/sign-in/callback';
