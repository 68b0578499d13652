/** Keeps a phone's screen on during a call, where the browser can. */
import { useEffect } from 'react';

export function useWakeLock(isNeeded: boolean): void {
  useEffect(() => {
    if (!isNeeded || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let isOver = false;
    const release = (held: WakeLockSentinel) =>
      held.release().catch((error: unknown) => console.warn('Wake lock was not released', error));
    const request = async () => {
      if (document.visibilityState !== 'visible') return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (isOver) await release(lock);
      } catch (error) {
        // Refused when the battery is low: the call goes on without it.
        console.info('The screen may turn off during the call', error);
      }
    };
    const again = () => void request();
    again();
    // The browser drops the lock when the page is hidden.
    document.addEventListener('visibilitychange', again);
    return () => {
      isOver = true;
      document.removeEventListener('visibilitychange', again);
      if (lock) void release(lock);
    };
  }, [isNeeded]);
}
