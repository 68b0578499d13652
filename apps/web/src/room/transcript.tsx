/**
 * Captions and typed messages. Final lines are a log that screen readers announce; what is still being said stands
 * below it and is not announced.
 */
import { ArrowDown, Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStickToBottom } from 'use-stick-to-bottom';
import { Button } from '../ui/button.tsx';
import type { CaptionLine } from './caption-store.ts';
import { LineDecisionDetails } from './line-decision.tsx';

export function Transcript({ lines }: { readonly lines: readonly CaptionLine[] }) {
  const { t } = useTranslation();
  const { scrollRef, contentRef, isAtBottom, scrollToBottom, stopScroll } = useStickToBottom({
    resize: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth',
    initial: 'instant',
  });
  const settled = lines.filter((line) => line.status !== 'interim');
  const spoken = lines.filter((line) => line.status === 'interim' && line.text !== '');
  return (
    <div className="relative min-h-0 grow">
      <section
        ref={scrollRef}
        aria-label={t('captions.label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll back.
        tabIndex={0}
        className="absolute inset-0 overflow-y-auto overscroll-contain px-4 md:px-8"
      >
        <div ref={contentRef} className="mx-auto grid max-w-2xl gap-5 py-5 md:py-8">
          {lines.length === 0 && <p className="py-6 text-center text-muted">{t('captions.empty')}</p>}
          <div
            role="log"
            aria-label={t('captions.log')}
            aria-relevant="additions"
            className="grid gap-5 empty:-mb-5"
          >
            {settled.map((line) => (
              <Line key={line.id} line={line} onOpen={stopScroll} />
            ))}
          </div>
          {spoken.length > 0 && (
            <div data-testid="captions-interim" aria-live="off" className="grid gap-5">
              {spoken.map((line) => (
                <Line key={line.id} line={line} onOpen={stopScroll} />
              ))}
            </div>
          )}
        </div>
      </section>
      {!isAtBottom && (
        <Button
          className="absolute bottom-3 left-1/2 min-h-10 -translate-x-1/2 rounded-full shadow-card"
          onClick={() => void scrollToBottom()}
        >
          <ArrowDown aria-hidden="true" className="size-4" />
          {t('captions.newest')}
        </Button>
      )}
    </div>
  );
}

function Line(props: { readonly line: CaptionLine; readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const { line } = props;
  const isInterimSpeech = line.status === 'interim' && !line.isAgent;
  return (
    <div
      data-speaker={line.name}
      data-private={line.isPrivate}
      className={`grid animate-[appear_0.2s_ease-out] gap-0.5 ${line.isAgent ? 'border-l-2 border-accent pl-4' : 'pl-4.5'}`}
    >
      <p className="flex flex-wrap items-center gap-x-2 text-sm">
        <span className={`font-semibold ${line.isAgent ? 'text-accent' : 'text-ink'}`}>{line.name}</span>
        {line.isPrivate ? (
          <span className="flex items-center gap-1 rounded-full bg-raised px-2 text-xs font-medium leading-5 text-muted">
            <Lock aria-hidden="true" className="size-3" />
            {t('captions.private')}
          </span>
        ) : (
          line.source === 'typed' && <span className="text-muted">{t('captions.typed')}</span>
        )}
        {line.isInterrupted && (
          <span className="rounded-full bg-warning-soft px-2 text-xs font-medium leading-5 text-warning">
            {t('captions.interrupted')}
          </span>
        )}
        {line.status === 'sending' && <span className="text-muted">{t('captions.sending')}</span>}
        {line.status === 'failed' && <span className="font-medium text-danger">{t('captions.failed')}</span>}
      </p>
      <p
        data-testid="caption-text"
        data-status={line.status}
        className={`whitespace-pre-wrap text-[1.0625rem] leading-relaxed ${isInterimSpeech ? 'italic text-muted' : ''}`}
      >
        {line.isInterrupted && line.text === '' ? t('captions.unheard') : line.text}
      </p>
      {line.decision && (
        <LineDecisionDetails decision={line.decision} timing={line.timing} onOpen={props.onOpen} />
      )}
    </div>
  );
}
