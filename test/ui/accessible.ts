// Whom a page shuts out: what axe finds wrong with it by the rules of WCAG 2.2 AA, and whether it fits a narrow screen.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const foundSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** Each violation by its rule, with the elements it was found at; empty when there is none. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found: unknown = await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(TAGS)} })`);
  return foundSchema.parse(found).violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const LOOKS = [
  ['light', 390],
  ['dark', 1_024],
  ['light', 1_600],
] as const;

/** Looks at the page of an address narrow and wide, light and dark: axe finds nothing, and nothing scrolls sideways. */
export async function looksOver(page: Page, address: string): Promise<void> {
  for (const [colorScheme, width] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    expect((await page.goto(address))?.status(), address).toBe(200);
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
    expect(wide, `${address} at ${width}`).toBeLessThanOrEqual(width);
    expect(await violationsOf(page), `${address} ${colorScheme} at ${width}`).toEqual([]);
  }
}
