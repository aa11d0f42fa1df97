// What a tool's result holds, before anybody looks for a page in it (Model Context Protocol, "Tools": tools/call).
import { z } from 'zod';

const resultSchema = z.looseObject({
  content: z.array(z.unknown()).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
  /** Of the revision 2026-07-28: `input_required` where the tool has done nothing yet. */
  resultType: z.string().optional(),
});
export type ToolResult = z.output<typeof resultSchema>;

const textSchema = z.looseObject({ type: z.literal('text'), text: z.string() });

/** The result, where it is one. */
export function toolResult(result: unknown): ToolResult | null {
  return resultSchema.safeParse(result).data ?? null;
}

/** What it may say in JSON: what is structured first, then each of its texts that is JSON. */
export function payloadsOf({ structuredContent, content }: ToolResult): unknown[] {
  const structured = structuredContent === undefined ? [] : [structuredContent];
  return [...structured, ...content.flatMap(jsonIn)];
}

/** Its texts, for people. */
export function textOf({ content }: ToolResult): string {
  const texts = content.flatMap((item) => textSchema.safeParse(item).data?.text ?? []);
  return texts.join('\n').trim();
}

function jsonIn(item: unknown): unknown[] {
  const text = textSchema.safeParse(item).data?.text;
  try {
    return text === undefined ? [] : [JSON.parse(text)];
  } catch {
    return [];
  }
}
