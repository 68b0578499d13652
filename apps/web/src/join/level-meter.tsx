/** A bar as long as the voice is loud. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { followAudioLevel } from '../ui/audio-level.ts';

export function LevelMeter({ stream }: { readonly stream: MediaStream }) {
  const { t } = useTranslation();
  const meter = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      followAudioLevel(stream, (level) => {
        meter.current?.style.setProperty('--level', level.toFixed(3));
        meter.current?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
      }),
    [stream],
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native meter cannot be drawn alike in every browser.
    <div
      ref={meter}
      role="meter"
      aria-label={t('join.level')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
      className="h-2.5 overflow-hidden rounded-full bg-raised"
    >
      <div className="h-full origin-left scale-x-(--level) rounded-full bg-accent" />
    </div>
  );
}
