import { type ComponentType, lazy, type LazyExoticComponent, Suspense, useState } from 'react';

/** A component in a chunk of its own, which can be fetched before it is shown. */
export type Preloadable<Props> = ComponentType<Props> & {
  /** Rejects if it cannot be fetched; whoever does not wait for it need not care: showing it fetches it anew. */
  preload: () => Promise<unknown>;
};

export function preloadable<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): Preloadable<Props> {
  let next = lazily();

  /** React keeps a failure for good: what is shown after it must be another one. */
  function lazily(): LazyExoticComponent<ComponentType<Props>> {
    return lazy(async () => {
      try {
        return { default: await load() };
      } catch (error) {
        next = lazily();
        throw error;
      }
    });
  }

  // With a Suspense of its own it is mounted while it waits, and so waits for the same one until that one has come.
  function Component(props: Props) {
    const [Loaded] = useState(() => next);
    return (
      <Suspense>
        <Loaded {...props} />
      </Suspense>
    );
  }

  return Object.assign(Component, {
    preload: () => {
      const loading = load();
      loading.catch(() => undefined);
      return loading;
    },
  });
}
