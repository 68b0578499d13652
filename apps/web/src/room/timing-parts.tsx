/** The four parts of the time until an answer is heard, as a bar and in figures. */
import { useTranslation } from 'react-i18next';
import type { TurnTiming } from './caption-store.ts';

const parts = [
  { key: 'endOfTurnMs', text: 'timing.endOfTurn', shade: 'bg-accent/30' },
  { key: 'sttMs', text: 'timing.stt', shade: 'bg-accent/50' },
  { key: 'llmMs', text: 'timing.llm', shade: 'bg-accent/75' },
  { key: 'ttsMs', text: 'timing.tts', shade: 'bg-accent' },
] as const;

/** The bar is a picture of the figures under it, which assistive technology reads. */
export function TimingParts({ timing }: { readonly timing: TurnTiming }) {
  const { t, i18n } = useTranslation();
  const sum = parts.reduce((total, part) => total + Math.max(0, timing[part.key]), 0) || 1;
  return (
    <div className="grid gap-2">
      <div
        aria-hidden="true"
        data-testid="timing-bar"
        className="flex h-2 gap-px overflow-hidden rounded-full"
      >
        {parts.map((part) => (
          <span
            key={part.key}
            className={part.shade}
            style={{ width: `${(Math.max(0, timing[part.key]) / sum) * 100}%` }}
          />
        ))}
      </div>
      <dl className="grid grid-cols-[auto_auto] gap-x-4 gap-y-1 text-xs text-muted">
        {parts.map((part) => (
          <div key={part.key} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${part.shade}`} />
            <dt>{t(part.text)}</dt>
            <dd className="ml-auto whitespace-nowrap tabular-nums text-ink">
              {inSeconds(timing[part.key], i18n.language)}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** 1234 → `1.23 s`, in the manner of the language. */
export function inSeconds(ms: number, language: string): string {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 2, minimumFractionDigits: 2 });
  return `${format.format(ms / 1_000)} s`;
}
