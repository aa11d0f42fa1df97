// Reads one file of a bundle, by a reader that is not ours.
import { text } from 'node:stream/consumers';
import { openPromise } from 'yauzl';

/** The text of the file of that name in the ZIP. */
export async function textOf(zipPath: string, name: string): Promise<string> {
  const zip = await openPromise(zipPath, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName === name) return text(await zip.openReadStreamPromise(entry));
  }
  throw new TypeError(`there is no ${name} in the ZIP`);
}
