/** The models of the local engines: chosen, fetched and deleted. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { localModelsQuery } from '../api/local-models-query.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { LoadProblem } from '../ui/load-problem.tsx';
import { Loading } from '../ui/loading.tsx';
import { LocalModelRow } from './local-model-row.tsx';
import type { LocalModelSettings } from './local-model-use.ts';
import { sectionTexts } from './setting-texts.ts';

export const localModelsId = 'local-models';

const kinds = [
  { kind: 'stt', title: sectionTexts.ears.title, hint: 'localModels.earsHint' },
  { kind: 'llm', title: sectionTexts.brain.title, hint: 'localModels.brainHint' },
  { kind: 'tts', title: sectionTexts.voice.title, hint: 'localModels.voiceHint' },
] as const;

export function LocalModelsCard({ stored }: { readonly stored: LocalModelSettings }) {
  const { t } = useTranslation();
  const models = useQuery(localModelsQuery());
  const headingId = `${localModelsId}-heading`;
  return (
    <section
      id={localModelsId}
      aria-labelledby={headingId}
      className="grid scroll-mt-24 gap-6 rounded-card border border-line bg-surface p-5 md:p-8"
    >
      <div className="grid gap-1">
        <h2 id={headingId} className="text-xl font-semibold">
          {t('localModels.title')}
        </h2>
        <p className="max-w-prose text-[0.9375rem] text-muted">{t('localModels.explanation')}</p>
      </div>
      {models.isPending && <Loading lines={3} />}
      {models.error && <Problem error={models.error} onRetry={() => void models.refetch()} />}
      {models.data &&
        kinds.map(({ kind, title, hint }) => (
          <div key={kind} className="grid min-w-0 gap-1">
            <h3 className="font-semibold">{t(title)}</h3>
            <p className="text-sm text-muted">{t(hint)}</p>
            <ul aria-label={t(title)} className="divide-y divide-line">
              {models.data.data
                .filter((model) => model.kind === kind)
                .map((model) => (
                  <LocalModelRow key={model.id} model={model} stored={stored} />
                ))}
            </ul>
          </div>
        ))}
    </section>
  );
}

/** Whoever uses hosted engines alone has no local ones, and nothing is wrong. */
function Problem(props: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  const { error, onRetry } = props;
  if (!(error instanceof ApiError && error.status === 503))
    return <LoadProblem error={error} onRetry={onRetry} />;
  return (
    <Banner tone="info" actions={<Button onClick={onRetry}>{t('ui.tryAgain')}</Button>}>
      {error.detail}
    </Banner>
  );
}
