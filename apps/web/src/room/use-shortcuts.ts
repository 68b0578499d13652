/** Keys of the call. Letters do nothing while somebody types or a dialog is open. */
import { useEffect } from 'react';

type Shortcuts = {
  /** Esc; where it closes a dialog it stays with the dialog. */
  readonly onStop: () => void;
  /** By the letter, in lower case. */
  readonly letters: Readonly<Record<string, () => void>>;
};

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]') !== null)
  );
}

/** Listens while the page is drawn; `shortcuts` must be the same object as long as nothing in it changes. */
export function useShortcuts(shortcuts: Shortcuts): void {
  useEffect(() => {
    const { onStop, letters } = shortcuts;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') {
        if (!(event.target instanceof HTMLElement && event.target.closest('[role="dialog"]'))) onStop();
        return;
      }
      const onLetter = letters[event.key.toLowerCase()];
      if (onLetter === undefined || isTyping(event.target)) return;
      event.preventDefault();
      onLetter();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [shortcuts]);
}
