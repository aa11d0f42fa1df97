// The end of what a program says on stderr, however much that is.

const KEPT_BYTES = 65_536;

export class Tail {
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;
  #cut = false;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.byteLength;
    for (
      let first = this.#chunks[0];
      first && this.#sizeBytes - first.byteLength >= KEPT_BYTES;
      first = this.#chunks[0]
    ) {
      this.#chunks.shift();
      this.#sizeBytes -= first.byteLength;
      this.#cut = true;
    }
  }

  /** At most 65,536 bytes as text; `cut`: its beginning is lost. */
  read(): { readonly text: string; readonly cut: boolean } {
    const bytes = Buffer.concat(this.#chunks);
    const kept = bytes.subarray(Math.max(0, bytes.byteLength - KEPT_BYTES));
    return { text: new TextDecoder().decode(kept), cut: this.#cut || kept.byteLength < bytes.byteLength };
  }
}
