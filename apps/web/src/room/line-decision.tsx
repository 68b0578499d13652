/** Under a line: what the agent made of it in a few words, and, opened, on what it decided and where the time went. */
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LineDecision, TurnTiming } from './caption-store.ts';
import { evidencePairs } from './evidence.ts';
import { actionTexts, ruleInWords } from './rule-texts.ts';
import { inSeconds, TimingParts } from './timing-parts.tsx';

export function LineDecisionDetails(props: {
  readonly decision: LineDecision;
  readonly timing: TurnTiming | null;
  /** Before it opens or closes: what was clicked must not be scrolled away by its own growth. */
  readonly onOpen: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { decision, timing } = props;
  const pairs = evidencePairs(decision.evidence, t, i18n.language);
  return (
    // Stands in the log of captions but is not announced: there for whoever wants to know.
    <details aria-live="off" data-testid="line-decision" className="group text-xs text-muted">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button by nature. */}
      <summary
        onClick={props.onOpen}
        className="flex min-h-6 w-fit list-none items-center gap-1 rounded hover:text-ink [&::-webkit-details-marker]:hidden"
      >
        <ChevronRight
          aria-hidden="true"
          className="size-3.5 shrink-0 transition-transform group-open:rotate-90"
        />
        {t(actionTexts[decision.action])} · {ruleInWords(decision.rule, t)}
        {timing && <span className="tabular-nums"> · {inSeconds(timing.totalMs, i18n.language)}</span>}
      </summary>
      <div className="mt-1 grid max-w-md gap-3 rounded-field border border-line bg-surface p-3">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          <dt>{t('evidence.rule')}</dt>
          <dd className="break-words text-right text-ink">
            <code>{decision.rule}</code>
          </dd>
          {pairs.map(({ key, label, value }) => (
            <div key={key} className="contents">
              <dt>{label}</dt>
              <dd className="break-words text-right tabular-nums text-ink">{value}</dd>
            </div>
          ))}
        </dl>
        {timing && (
          <section aria-label={t('timing.total')} className="grid gap-2 border-t border-line pt-3">
            <p className="flex justify-between gap-4">
              {t('timing.total')}
              <span className="whitespace-nowrap tabular-nums text-ink">
                {inSeconds(timing.totalMs, i18n.language)}
              </span>
            </p>
            <TimingParts timing={timing} />
          </section>
        )}
      </div>
    </details>
  );
}
