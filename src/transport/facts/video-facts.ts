// What an MP4 or QuickTime file says of itself. Its index may stand at the end, so ranges are needed for some.
import { CustomSource, Input, MP4, QTFF } from 'mediabunny';
import { MediaUnavailable } from '../media-unavailable.ts';
import type { PartFile } from './part-file.ts';

export interface VideoFacts {
  /** As it is shown: turned, and with square pixels. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly durationSeconds?: number;
  /** Of its pictures and its sound, by the names of WebCodecs' registry: `avc`, `hevc`, `aac`. */
  readonly codecs?: readonly string[];
}

/** What lies beyond the part that is read of any file. */
class OutOfReach extends Error {
  override readonly name = 'OutOfReach';
}

/** What cannot be known of a file that is damaged or out of reach is left out. @throws MediaUnavailable */
export async function videoFacts(file: PartFile, sizeBytes: number): Promise<VideoFacts> {
  let failure: MediaUnavailable | null = null;
  const source = new CustomSource({
    getSize: () => sizeBytes,
    read: async (from, to) => {
      try {
        const bytes = await file.read(from, to);
        if (bytes?.byteLength === to - from) return bytes;
      } catch (error) {
        if (error instanceof MediaUnavailable) failure = error;
      }
      throw new OutOfReach();
    },
    handleUnhandledError: () => undefined,
  });
  const input = new Input({ formats: [MP4, QTFF], source });
  try {
    return await readFrom(input);
  } catch {
    if (failure) throw failure;
    return {};
  } finally {
    input.dispose();
  }
}

async function readFrom(input: Input): Promise<VideoFacts> {
  const track = await input.getPrimaryVideoTrack();
  if (!track) return {};
  const [widthPx, heightPx] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const seconds = await input.getDurationFromMetadata();
  const codecs = await codecsOf(input);
  return {
    ...(widthPx > 0 && heightPx > 0 ? { widthPx: Math.round(widthPx), heightPx: Math.round(heightPx) } : {}),
    ...(seconds !== null && seconds > 0 ? { durationSeconds: Math.round(seconds * 1_000) / 1_000 } : {}),
    ...(codecs.length > 0 ? { codecs } : {}),
  };
}

/** Those that are known, each once. */
async function codecsOf(input: Input): Promise<string[]> {
  const tracks = await input.getTracks();
  const codecs = await Promise.all(tracks.map((track) => track.getCodec()));
  return [...new Set(codecs.filter((codec) => codec !== null))];
}
