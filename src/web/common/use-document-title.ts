import { useEffect } from 'react';

/** Sets the document's title, most specific part first. */
export function useDocumentTitle(...parts: (string | undefined)[]): void {
  const title = parts.filter((part) => part !== undefined).join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
