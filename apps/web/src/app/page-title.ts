/** The browser tab's title: the page, then the product. */
import { useEffect } from 'react';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Sophy' : `${title} · Sophy`;
  }, [title]);
}
