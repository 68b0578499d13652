/** Everything that the operator can change while calls run. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { enginesQuery, settingsQuery } from '../api/queries.ts';
import { usePageTitle } from '../app/page-title.ts';
import { LoadProblem } from '../ui/load-problem.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHeading } from '../ui/page-heading.tsx';
import { LocalModelsCard, localModelsId } from './local-models-card.tsx';
import { SectionForm } from './section-form.tsx';
import { settingSections } from './setting-sections.ts';
import { sectionTexts } from './setting-texts.ts';

export function SettingsPage() {
  const { t } = useTranslation();
  usePageTitle(t('settings.title'));
  const settings = useQuery(settingsQuery());
  const engines = useQuery(enginesQuery());
  const failed = settings.error ? settings : engines.error ? engines : null;
  return (
    <>
      <PageHeading title={t('settings.title')} explanation={t('settings.explanation')} />
      {failed?.error && <LoadProblem error={failed.error} onRetry={() => void failed.refetch()} />}
      {(settings.isPending || engines.isPending) && !failed && <Loading lines={5} />}
      {settings.data && engines.data && (
        <div className="grid gap-8 lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-12">
          <nav aria-label={t('settings.sections')} className="max-lg:hidden">
            <ul className="sticky top-24 grid gap-1">
              {settingSections.map(({ id }) => (
                <SectionLink key={id} id={id} title={t(sectionTexts[id].title)} />
              ))}
              <SectionLink id={localModelsId} title={t('localModels.title')} />
            </ul>
          </nav>
          <div className="grid gap-6">
            {settingSections.map((section) => (
              <SectionForm
                key={section.id}
                section={section}
                stored={settings.data.settings}
                engines={engines.data}
              />
            ))}
            <LocalModelsCard stored={settings.data.settings} />
          </div>
        </div>
      )}
    </>
  );
}

function SectionLink({ id, title }: { readonly id: string; readonly title: string }) {
  return (
    <li>
      <a
        href={`#${id}`}
        className="block rounded-field px-3 py-2 text-[0.9375rem] font-medium text-muted hover:bg-raised hover:text-ink"
      >
        {title}
      </a>
    </li>
  );
}
