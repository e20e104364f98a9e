import { useState } from 'react';
import { readPreference, writePreference } from './storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

const PREFERENCE = 'theme';

/** Returns the theme, and a function that sets it. public/theme.js applies it before the first paint. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(storedTheme);
  return [
    theme,
    (chosen) => {
      setTheme(chosen);
      writePreference(PREFERENCE, chosen === 'system' ? null : chosen);
      if (chosen === 'system') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = chosen;
    },
  ];
}

function storedTheme(): Theme {
  const stored = readPreference(PREFERENCE);
  return THEMES.find((theme) => theme === stored) ?? 'system';
}
