import { useEffect, useState } from 'react';
import { isServerThere } from '../api/request.ts';

/** Returns a function that fetches a chunk again, and shows the component when it has arrived. */
export function useChunkRetry(preload: () => Promise<unknown>) {
  const [isRetrying, setIsRetrying] = useState(false);

  async function retry(show: () => void) {
    setIsRetrying(true);
    try {
      await preload();
      show();
    } catch {
      // The server answers: it has a newer version without this chunk, or the browser repeats the first failure. A reload helps.
      if (await isServerThere()) location.reload();
    }
    setIsRetrying(false);
  }

  return { isRetrying, retry };
}

/** Calls a function when the browser is online again. */
export function useOnline(onOnline: () => void): void {
  useEffect(() => {
    window.addEventListener('online', onOnline);
    return () => window.removeEventListener('online', onOnline);
  }, [onOnline]);
}
