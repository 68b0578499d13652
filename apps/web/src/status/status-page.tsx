/** Every part of the system, whether it works, and how fast it answers. */
import type { PartStatus, StatusResponse, TimingResponse } from '@sophy/contracts/http-status';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { timingQuery } from '../api/queries.ts';
import { configQuery, statusQuery } from '../api/service-queries.ts';
import { usePageTitle } from '../app/page-title.ts';
import { Banner } from '../ui/banner.tsx';
import { LoadProblem } from '../ui/load-problem.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHeading } from '../ui/page-heading.tsx';

type PartName = Exclude<keyof StatusResponse, 'all_ready'>;

/** In the order in which a call needs them; a call works without the optional ones. */
const parts: readonly {
  name: PartName;
  text:
    | 'parts.livekit'
    | 'parts.database'
    | 'parts.agent'
    | 'parts.whisper'
    | 'parts.llm'
    | 'parts.tts'
    | 'parts.ollama'
    | 'parts.redis'
    | 'parts.sip';
  isOptional: boolean;
}[] = [
  { name: 'livekit', text: 'parts.livekit', isOptional: false },
  { name: 'database', text: 'parts.database', isOptional: false },
  { name: 'agent', text: 'parts.agent', isOptional: false },
  { name: 'whisper', text: 'parts.whisper', isOptional: false },
  { name: 'llm', text: 'parts.llm', isOptional: false },
  { name: 'tts', text: 'parts.tts', isOptional: false },
  { name: 'ollama', text: 'parts.ollama', isOptional: true },
  { name: 'redis', text: 'parts.redis', isOptional: true },
  { name: 'sip', text: 'parts.sip', isOptional: true },
];

export function StatusPage() {
  const { t } = useTranslation();
  usePageTitle(t('status.title'));
  const status = useQuery(statusQuery());
  const timing = useQuery(timingQuery());
  const config = useQuery(configQuery());
  return (
    <>
      <PageHeading title={t('status.title')} explanation={t('status.explanation')} />
      <div className="grid gap-8">
        {status.error && <LoadProblem error={status.error} onRetry={() => void status.refetch()} />}
        {status.isPending && !status.error && <Loading lines={6} />}
        {status.data && !status.error && (
          <>
            <Banner tone={status.data.all_ready ? 'good' : 'warning'}>
              {status.data.all_ready ? t('status.allReady') : t('status.notReady')}
            </Banner>
            <section aria-labelledby="parts-heading">
              <h2 id="parts-heading" className="mb-3 text-xl font-semibold">
                {t('status.parts')}
              </h2>
              <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
                {parts.map((part) => (
                  <Part
                    key={part.name}
                    label={t(part.text)}
                    isOptional={part.isOptional}
                    status={status.data[part.name]}
                  />
                ))}
              </ul>
            </section>
          </>
        )}
        {timing.data && <Timing timing={timing.data} />}
        {config.data && (
          <p className="text-sm text-muted">
            {t('status.version', { version: config.data.version, brain: config.data.brain || '–' })}
          </p>
        )}
      </div>
    </>
  );
}

function Part(props: { readonly label: string; readonly isOptional: boolean; readonly status: PartStatus }) {
  const { t } = useTranslation();
  const { available, message } = props.status;
  const Icon = available ? CircleCheck : props.isOptional ? CircleDashed : CircleX;
  const colour = available ? 'text-accent' : props.isOptional ? 'text-muted' : 'text-danger';
  const word = available ? t('status.works') : props.isOptional ? t('status.notInUse') : t('status.down');
  return (
    <li className="flex items-start gap-4 px-5 py-4">
      <Icon aria-hidden="true" className={`mt-0.5 size-5 shrink-0 ${colour}`} />
      <div className="grid min-w-0 grow gap-x-6 sm:grid-cols-[14rem_1fr]">
        <p className="font-semibold">
          {props.label}
          {props.isOptional && <span className="font-normal text-muted"> {t('status.optional')}</span>}
        </p>
        <p className="min-w-0 text-[0.9375rem] text-muted">{message}</p>
      </div>
      <p className={`shrink-0 text-sm font-semibold ${colour}`}>{word}</p>
    </li>
  );
}

const timingRows = [
  { stage: 'latency', text: 'timing.total' },
  { stage: 'stt', text: 'timing.stt' },
  { stage: 'llm', text: 'timing.llm' },
  { stage: 'tts', text: 'timing.tts' },
] as const satisfies readonly { stage: keyof TimingResponse; text: string }[];

function Timing({ timing }: { readonly timing: TimingResponse }) {
  const { t, i18n } = useTranslation();
  const format = (ms: number | null) =>
    ms === null ? '–' : `${new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 }).format(ms)} ms`;
  return (
    <section aria-labelledby="timing-heading">
      <h2 id="timing-heading" className="mb-3 text-xl font-semibold">
        {t('timing.heading')}
      </h2>
      <div className="overflow-hidden rounded-card border border-line bg-surface">
        <table className="w-full text-[0.9375rem]">
          <thead>
            <tr className="text-left text-sm text-muted">
              <th scope="col" className="px-5 py-3 font-medium">
                {t('timing.stage')}
              </th>
              <th scope="col" className="px-2 py-3 text-right font-medium">
                {t('timing.p50')}
              </th>
              <th scope="col" className="px-2 py-3 text-right font-medium">
                {t('timing.p95')}
              </th>
              <th scope="col" className="px-5 py-3 text-right font-medium">
                {t('timing.turns')}
              </th>
            </tr>
          </thead>
          <tbody>
            {timingRows.map(({ stage, text }) => (
              <tr key={stage} className="border-t border-line tabular-nums">
                <th scope="row" className="px-5 py-3 text-left font-medium">
                  {t(text)}
                </th>
                <td className="px-2 py-3 text-right">{format(timing[stage].p50_ms)}</td>
                <td className="px-2 py-3 text-right">{format(timing[stage].p95_ms)}</td>
                <td className="px-5 py-3 text-right">{timing[stage].count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
