/** How long the motor page of the demo keeps its browser from doing anything else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { dashboardPage } from '../../test/browser/editor_page';
import { Demo, UP_MS } from '../../test/demo/running_demo';

/** Between two turns of the page's clock; what comes later than that was kept waiting. */
const TURN_MS = 10;

export interface StallFigures {
  readonly longestMs: number;
  /** Stalls of 50 ms and more: what a person can feel. */
  readonly long: number;
}

/** @param seconds from the moment when the page shows what it is sent */
export async function longestStall(browser: Browser, seconds: number): Promise<StallFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-demo-'));
  const demo = await Demo.start(folder);
  try {
    await demo.until(/Started flows/);
    const page = await dashboardPage(browser, { viewport: { width: 1280, height: 1300 } });
    await page.goto(`http://127.0.0.1:${demo.port}/dashboard/motor`);
    await page.locator('.et-widget svg').first().waitFor({ timeout: UP_MS });
    return await page.evaluate(
      ([turn, time]) =>
        new Promise<StallFigures>((resolve) => {
          const end = performance.now() + 1000 * (time as number);
          let before = performance.now();
          let longestMs = 0;
          let long = 0;
          const look = (): void => {
            const now = performance.now();
            const late = now - before - (turn as number);
            before = now;
            longestMs = Math.max(longestMs, late);
            if (late >= 50) long++;
            if (now < end) setTimeout(look, turn);
            else resolve({ longestMs, long });
          };
          setTimeout(look, turn);
        }),
      [TURN_MS, seconds] as const,
    );
  } finally {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
