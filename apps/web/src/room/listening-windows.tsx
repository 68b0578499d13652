/** Counts down for whom the agent keeps listening without being named. */
import { Timer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from './participant-view.ts';
import type { ListeningWindow } from './room-snapshot.ts';

const windowTexts = { wake: 'windows.wake', 'follow-up': 'windows.followUp' } as const;

export function ListeningWindows(props: {
  readonly windows: readonly ListeningWindow[];
  readonly people: readonly PersonView[];
}) {
  const { t } = useTranslation();
  const nowMs = useEverySecond(props.windows.length > 0);
  const open = props.windows
    .map((window) => ({ ...window, seconds: Math.ceil((window.untilMs - nowMs) / 1_000) }))
    .filter((window) => window.seconds > 0);
  if (open.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1 md:grid">
      {open.map((window) => (
        <li
          key={`${window.window} ${window.speaker}`}
          className="flex items-center gap-2 rounded-field bg-accent-soft px-2.5 py-1 text-xs text-accent-strong md:px-3 md:py-2 md:text-sm"
        >
          <Timer aria-hidden="true" className="size-3.5 shrink-0 md:size-4" />
          {t(windowTexts[window.window], {
            name: props.people.find((person) => person.identity === window.speaker)?.name ?? window.speaker,
            seconds: window.seconds,
          })}
        </li>
      ))}
    </ul>
  );
}

function useEverySecond(isNeeded: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isNeeded) return;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isNeeded]);
  return nowMs;
}
