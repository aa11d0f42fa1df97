// The ZIP of a bundle in its one form: files in their order, stored and not compressed, with one time for all of them. What
// is not byte for byte what comes out here for its own files is no bundle of ours; so no byte of the ZIP can change unseen,
// and nothing in it ever has to be unpacked.
import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export interface ContainerFile {
  readonly name: string;
  readonly sizeBytes: number;
  open(): Readable;
}

/** A ZIP knows no zone, and the library writes the machine's own time: this is the same noon anywhere. */
const mtime = () => new Date(1981, 0, 1, 12);
const MODE = 0o100644;

/** The ZIP of these files, in this order. A file that cannot be read ends it with that error. */
export function containerOf(files: readonly ContainerFile[]): Readable {
  const zip = new ZipFile();
  const out = new PassThrough();
  const fail = (error: Error) => void out.destroy(error);
  zip.on('error', fail);
  zip.outputStream.on('error', fail);
  for (const { name, sizeBytes, open } of files) {
    const options = { size: sizeBytes, compress: false, mtime: mtime(), mode: MODE, forceDosTimestamp: true };
    zip.addReadStreamLazy(name, options, (begin) => {
      // The library pipes without passing errors on.
      const content = open().on('error', fail);
      out.once('close', () => content.destroy());
      begin(null, content);
    });
  }
  zip.end();
  zip.outputStream.pipe(out);
  return out;
}
