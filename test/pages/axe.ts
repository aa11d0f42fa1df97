// What axe-core finds on a page in real Chromium, at phone and desktop width, light and dark.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const LOOKS = [
  { width: 390, scheme: 'light' },
  { width: 1600, scheme: 'dark' },
] as const;

/** Every violation, as `rule: element`; empty when there is none. */
export async function violations(page: Page, path: string): Promise<string[]> {
  const found: string[] = [];
  for (const { width, scheme } of LOOKS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(path);
    // Through the debugger, which the policy of our pages does not bind.
    await page.evaluate(AXE);
    const result = await page.evaluate(
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
    );
    for (const { id, nodes } of (result as AxeResult).violations) {
      found.push(...nodes.map(({ html }) => `${width} ${scheme} ${id}: ${html.slice(0, 120)}`));
    }
  }
  return found;
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}
