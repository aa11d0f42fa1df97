// Files that somebody hands over inside a request, held against what the contract says of them.
import { declaredAs } from '../../domain/pipeline/artifact-names.ts';
import type { ArtifactSpec } from '../../domain/pipeline/contract.ts';
import type { HandedFiles } from '../../domain/pipeline/run-request.ts';
import { misfitOf } from './fits-contract.ts';

export interface HandedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** The files as bytes, all that are wanted and no other; or the field that does not fit, and why. */
export function fittingFiles(
  wanted: readonly ArtifactSpec[],
  files: HandedFiles,
): readonly HandedFile[] | { readonly field: string; readonly misfit: string } {
  const made = Object.entries(files).map(([name, file]) => ({ name, bytes: bytesOf(file) }));
  const misfit = misfitOf({ artifacts: wanted }, made);
  if (misfit) return { field: 'files', misfit: misfit.text };
  return made.map(({ name, bytes }) => {
    const mediaType = declaredAs(wanted, name)?.mediaType ?? 'application/octet-stream';
    return { name, bytes, mediaType };
  });
}

function bytesOf(file: HandedFiles[string]): Uint8Array {
  return typeof file === 'string' ? new TextEncoder().encode(file) : Buffer.from(file.base64, 'base64');
}
