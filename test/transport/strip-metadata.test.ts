// Private metadata is taken out of pictures, and nothing else: what is shown stays bit for bit, and so does its orientation.
import { describe, expect, it } from 'vitest';
import { jpegOrientation, stripJpeg } from '../../src/transport/pictures/jpeg.ts';
import { NotWellFormed } from '../../src/transport/pictures/not-well-formed.ts';
import { pngFacts, stripPng } from '../../src/transport/pictures/png.ts';
import { withoutMetadata } from '../../src/transport/pictures/strip-metadata.ts';
import { stripWebp, webpFacts } from '../../src/transport/pictures/webp.ts';
import { barJpeg, barPng, barWebp, phoneJpeg, phonePng, phoneWebp, SECRET } from './pictures.ts';

const KINDS = [
  { type: 'image/jpeg', strip: stripJpeg, phone: phoneJpeg, bar: barJpeg, orientation: jpegOrientation },
  {
    type: 'image/png',
    strip: stripPng,
    phone: phonePng,
    bar: barPng,
    orientation: (file: Uint8Array) => pngFacts(file)?.orientation,
  },
  {
    type: 'image/webp',
    strip: stripWebp,
    phone: phoneWebp,
    bar: barWebp,
    orientation: (file: Uint8Array) => webpFacts(file)?.orientation,
  },
] as const;

const holds = (file: Uint8Array, text: string) => Buffer.from(file).includes(text, 0, 'latin1');

describe.each(KINDS)('$type', ({ type, strip, phone, bar, orientation }) => {
  it('of a phone leaves as the bare picture, and says nothing of where it was taken', () => {
    expect(holds(phone(1), SECRET)).toBe(true);
    expect(Buffer.from(strip(phone(1))).equals(bar())).toBe(true);
    expect(Buffer.from(withoutMetadata(phone(1), type)).equals(bar())).toBe(true);
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('keeps its orientation %i and nothing beside it', (turned) => {
    expect(orientation(phone(turned))).toBe(turned);
    const stripped = strip(phone(turned));
    expect(orientation(stripped)).toBe(turned);
    expect(holds(stripped, SECRET)).toBe(false);
    expect(stripped.byteLength).toBeLessThanOrEqual(bar().byteLength + 40);
  });

  it('without metadata stays as it is', () => {
    expect(Buffer.from(strip(bar())).equals(bar())).toBe(true);
  });

  it('stripped once is not changed by being stripped again', () => {
    const once = strip(phone(6));
    expect(Buffer.from(strip(once)).equals(Buffer.from(once))).toBe(true);
  });

  it.each([0.05, 0.3, 0.9])('cut off at %d of its bytes is stripped, or refused by type', (part) => {
    const file = phone(6);
    const cut = file.subarray(0, Math.floor(file.byteLength * part));
    try {
      expect(holds(strip(cut), SECRET)).toBe(false);
    } catch (error) {
      expect(error).toBeInstanceOf(NotWellFormed);
    }
  });
});

it('what is no picture of these types is sent as it is', () => {
  const gif = Buffer.from('GIF89a and so on');
  expect(withoutMetadata(gif, 'image/gif')).toBe(gif);
});
