// Cuts a stream of bytes into chunks of one size.

/** The same bytes in chunks of exactly `chunkBytes`; the last may be shorter. */
export async function* inChunks(source: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const part of source) {
    waiting.push(part);
    waitingBytes += part.byteLength;
    if (waitingBytes < chunkBytes) continue;
    const joined = Buffer.concat(waiting);
    const whole = joined.byteLength - (joined.byteLength % chunkBytes);
    for (let from = 0; from < whole; from += chunkBytes) yield joined.subarray(from, from + chunkBytes);
    waiting = [joined.subarray(whole)];
    waitingBytes = joined.byteLength - whole;
  }
  if (waitingBytes > 0) yield Buffer.concat(waiting);
}
