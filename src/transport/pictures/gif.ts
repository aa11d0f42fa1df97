// The blocks of a GIF file (GIF89a, sections 15 to 27).

const TRAILER = 0x3b;
const EXTENSION = 0x21;
const IMAGE = 0x2c;

/** Whether it has more than one picture; null when the bytes end before that can be known. */
export function isAnimatedGif(file: Uint8Array): boolean | null {
  let images = 0;
  let at = 13 + colours(file[10]);
  while (at < file.byteLength) {
    const kind = file[at];
    if (kind === TRAILER) return false;
    if (kind === IMAGE) {
      images += 1;
      if (images > 1) return true;
      // Past the descriptor, its own colours, and the size of the codes.
      at = afterBlocks(file, at + 10 + colours(file[at + 9]) + 1);
    } else if (kind === EXTENSION) at = afterBlocks(file, at + 2);
    // What is no block ends the file for every reader.
    else return false;
  }
  return null;
}

/** The bytes of a table of colours, from the flags that announce it. */
function colours(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

function afterBlocks(file: Uint8Array, from: number): number {
  let at = from;
  for (let length = file[at]; length !== undefined && length !== 0; length = file[at]) at += length + 1;
  return at + 1;
}
