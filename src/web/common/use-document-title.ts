import { useEffect } from 'react';

export const PRODUCT_NAME = 'Cross-Org Visibility';

/** Names the browser's tab and history entry after the screen, the most particular part first. */
export function useDocumentTitle(...parts: (string | undefined)[]): void {
  const title = parts.filter((part) => part !== undefined).join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
