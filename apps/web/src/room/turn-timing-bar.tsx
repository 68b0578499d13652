/** Where the time of the last answer went. On a phone, which has no room for it, each turn's line has its own. */
import { useTranslation } from 'react-i18next';
import type { TurnTiming } from './caption-store.ts';
import { inSeconds, TimingParts } from './timing-parts.tsx';

export function TurnTimingBar({ timing }: { readonly timing: TurnTiming }) {
  const { t, i18n } = useTranslation();
  return (
    <section aria-label={t('timing.label')} className="grid gap-2 max-md:hidden">
      <h2 className="flex justify-between text-sm font-medium text-muted">
        {t('timing.label')}
        <span className="tabular-nums text-ink">{inSeconds(timing.totalMs, i18n.language)}</span>
      </h2>
      <TimingParts timing={timing} />
    </section>
  );
}
