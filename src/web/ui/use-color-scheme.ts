import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';
const FORCED = '(forced-colors: active)';

/** Returns a text that changes when the colors of the page do, for what CSS cannot paint, such as a canvas. */
export function useColorScheme(): string {
  return useSyncExternalStore(subscribe, currentScheme);
}

function currentScheme(): string {
  const theme = document.documentElement.dataset.theme ?? 'system';
  return [theme, matchMedia(DARK).matches, matchMedia(FORCED).matches].join();
}

function subscribe(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const queries = [DARK, FORCED].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', onChange);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', onChange);
  };
}
