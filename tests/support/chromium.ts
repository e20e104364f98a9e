import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of an installed Chromium. Installs nothing: throws an error with the command to run if there is none. */
export function requireChromium(): string {
  const found = onPath(...NAMES) ?? [chromium.executablePath()].find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `Chromium was not found, and the browser tests need it. Install it, then run the tests again:\n  ${installCommand()}`,
  );
}

/** Options for Playwright's `chromium.launch`, with the given Chromium or the one that is installed. */
export function chromiumLaunchOptions(executablePath = requireChromium()): LaunchOptions {
  return {
    executablePath,
    // Chromium refuses to run sandboxed as root; the other flags stop its own network requests.
    args: [
      ...(isRoot() ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  };
}

function installCommand(): string {
  if (onPath('apt-get') === undefined) return 'npx playwright install chromium';
  return `${isRoot() ? '' : 'sudo '}apt-get install chromium`;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function onPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
