/** Keys of the call. Letters do nothing while somebody types or a dialog is open. */
import { useEffect } from 'react';

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]') !== null)
  );
}

/** `onMute` on M, `onStop` on Esc; Esc that closes a dialog stays with the dialog. */
export function useShortcuts(handlers: { readonly onMute: () => void; readonly onStop: () => void }): void {
  const { onMute, onStop } = handlers;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') {
        if (!(event.target instanceof HTMLElement && event.target.closest('[role="dialog"]'))) onStop();
      } else if (event.key.toLowerCase() === 'm' && !isTyping(event.target)) {
        event.preventDefault();
        onMute();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onMute, onStop]);
}
