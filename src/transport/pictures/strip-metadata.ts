// Takes out of a picture what was written about it: place, time, camera, names. Lossless: nothing is encoded anew.
import { stripJpeg } from './jpeg.ts';
import { stripPng } from './png.ts';
import { stripWebp } from './webp.ts';

const STRIPPERS = new Map([
  ['image/jpeg', stripJpeg],
  ['image/png', stripPng],
  ['image/webp', stripWebp],
]);

/** The picture without private metadata; a file of another type as it is. @throws NotWellFormed */
export function withoutMetadata(file: Uint8Array, mediaType: string): Uint8Array {
  return STRIPPERS.get(mediaType)?.(file) ?? file;
}
