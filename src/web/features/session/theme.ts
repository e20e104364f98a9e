import { useState } from 'react';
import { readPreference, writePreference } from './storage.ts';

export const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export type Theme = (typeof THEMES)[number]['value'];

const PREFERENCE = 'theme';

/** The chosen theme. public/theme.js applies it before the first paint; tokens.css does the rest. */
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
  return THEMES.find((theme) => theme.value === stored)?.value ?? 'system';
}
