// The addresses between us and the provider.

/** Where the way to the provider begins. */
export const START_ADDRESS = '/sign-in/with-provider';
/** Where the provider sends people back to; registered there with the public address before it. */
export const CALLBACK_ADDRESS = '/sign-in/callback';

/** Where the way to the provider begins for somebody who wants to `back`; `anew`: with another account, perhaps. */
export function startAddress({ back, anew = false }: { readonly back: string; readonly anew?: boolean }): string {
  const query = new URLSearchParams({ ...(back === '/' ? {} : { back }), ...(anew ? { anew: '1' } : {}) });
  return query.size === 0 ? START_ADDRESS : `${START_ADDRESS}?${query}`;
}
