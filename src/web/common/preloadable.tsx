import {
  type ComponentType,
  lazy,
  type LazyExoticComponent,
  type ReactNode,
  Suspense,
  useState,
} from 'react';

/** A component in its own chunk, which can be fetched before it is shown. */
export type Preloadable<Props> = ComponentType<Props> & {
  /** Fetches the chunk. Rejects on failure; showing the component fetches it again. */
  preload: () => Promise<unknown>;
};

/** @param renderLoading what to show while the chunk loads */
export function preloadable<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  renderLoading?: (props: Props) => ReactNode,
): Preloadable<Props> {
  let loaded: ComponentType<Props> | undefined;
  let next = createLazy();

  async function loadOnce(): Promise<ComponentType<Props>> {
    loaded = await load();
    return loaded;
  }

  /** React keeps the failure of a lazy component forever, so that every failure needs a new one. */
  function createLazy(): LazyExoticComponent<ComponentType<Props>> {
    return lazy(async () => {
      try {
        return { default: await loadOnce() };
      } catch (error) {
        next = createLazy();
        throw error;
      }
    });
  }

  // The inner Suspense keeps the component mounted while it waits, so that it waits for one and the same promise.
  function Component(props: Props) {
    // A loaded chunk is shown at once: a fallback, even of a moment, would flicker.
    const [Shown] = useState(() => loaded ?? next);
    return (
      <Suspense fallback={renderLoading?.(props)}>
        <Shown {...props} />
      </Suspense>
    );
  }

  return Object.assign(Component, {
    preload: () => {
      const loading = loadOnce();
      loading.catch(() => undefined);
      return loading;
    },
  });
}
