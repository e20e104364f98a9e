import { defineConfig } from '@playwright/test';
import { chromiumLaunchOptions } from '../support/chromium.ts';
import { TIME_FACTOR } from '../support/time-factor.ts';

export default defineConfig({
  testDir: '.',
  testMatch: '*.e2e.ts',
  outputDir: '../../test-results',
  timeout: 60_000 * TIME_FACTOR,
  expect: { timeout: 10_000 * TIME_FACTOR },
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    launchOptions: chromiumLaunchOptions(process.env.CHROMIUM),
  },
});
