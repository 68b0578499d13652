/** Where the time of the last answer went. */
import { useTranslation } from 'react-i18next';
import type { TurnTiming } from './room-snapshot.ts';

const parts = [
  { key: 'endOfTurnMs', text: 'timing.endOfTurn', shade: 'bg-accent/30' },
  { key: 'sttMs', text: 'timing.stt', shade: 'bg-accent/50' },
  { key: 'llmMs', text: 'timing.llm', shade: 'bg-accent/75' },
  { key: 'ttsMs', text: 'timing.tts', shade: 'bg-accent' },
] as const;

export function TurnTimingBar({ timing }: { readonly timing: TurnTiming }) {
  const { t, i18n } = useTranslation();
  const sum = parts.reduce((total, part) => total + Math.max(0, timing[part.key]), 0) || 1;
  const seconds = (ms: number) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(
      ms / 1_000,
    );
  return (
    <section aria-label={t('timing.label')} className="grid gap-2 max-md:hidden">
      <h2 className="flex justify-between text-sm font-medium text-muted">
        {t('timing.label')}
        <span className="tabular-nums text-ink">{seconds(timing.totalMs)} s</span>
      </h2>
      <div aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full">
        {parts.map((part) => (
          <span
            key={part.key}
            className={part.shade}
            style={{ width: `${(Math.max(0, timing[part.key]) / sum) * 100}%` }}
          />
        ))}
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1 text-xs text-muted">
        {parts.map((part) => (
          <div key={part.key} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2 rounded-full ${part.shade}`} />
            <dt>{t(part.text)}</dt>
            <dd className="ml-auto tabular-nums text-ink">{seconds(timing[part.key])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
