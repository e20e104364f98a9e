import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

/** A component in a chunk of its own, which can be fetched before it is shown. */
export type Preloadable<Props> = LazyExoticComponent<ComponentType<Props>> & { preload: () => void };

export function preloadable<Props>(load: () => Promise<ComponentType<Props>>): Preloadable<Props> {
  return Object.assign(
    lazy(async () => ({ default: await load() })),
    {
      preload: () => {
        // Nobody waits for it yet: should it fail, showing the component loads it anew and reports.
        load().catch(() => undefined);
      },
    },
  );
}
