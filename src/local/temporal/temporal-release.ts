// Which Temporal server this project runs locally. tools/temporal-server/go.mod builds the same one.

/** The server inside the CLI release below; also the name of the cached program. */
export const serverVersion = '1.32.1';
/** The CLI release that carries that server, as the download names it. */
export const cliRelease = 'v1.8.2';
/** The oldest 1.x server that a program found elsewhere may hold: time skipping and its flags begin there. */
export const oldestServerMinor = 32;
/** What go.mod asks for. */
export const goVersionNeeded = '1.26.8';

/** A way that gave a program, or why it did not, as a part of a sentence. */
export type Found = { readonly path: string } | { readonly failed: string };
