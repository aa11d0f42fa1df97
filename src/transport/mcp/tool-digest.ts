// What a tool is pinned by: whoever changes one of these has made another tool of it. Its title and annotations are hints.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

export interface DescribedTool {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
  readonly outputSchema?: unknown;
}

/** SHA-256, in hex, of name, description and both schemas in canonical JSON (RFC 8785). */
export function toolDigest({ name, description = '', inputSchema, outputSchema = null }: DescribedTool): string {
  const text = canonicalize({ name, description, inputSchema, outputSchema }) ?? '';
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
