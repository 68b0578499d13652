/** One section of the settings: its own draft, its own save. */
import type { EngineStage } from '@sophy/contracts/engine-usage';
import type { EnginesResponse } from '@sophy/contracts/http-engines';
import { engineCheckFailed, settingsUpdateResponseSchema } from '@sophy/contracts/http-settings';
import type { SettingKey } from '@sophy/contracts/settings';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { requestJson } from '../api/request.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { EngineCard } from './engine-card.tsx';
import { enginesInUse } from './engines-in-use.ts';
import { SettingInput } from './setting-input.tsx';
import {
  engineKeys,
  type SettingControl,
  type SettingField,
  type SettingSection,
} from './setting-sections.ts';
import { sectionTexts } from './setting-texts.ts';
import { type SettingsDraft, type StoredSettings, withDraft } from './settings-draft.ts';
import { settingsProblemOf } from './settings-problem.ts';
import { VoiceTest } from './voice-test.tsx';

export function SectionForm(props: {
  readonly section: SettingSection;
  readonly stored: StoredSettings;
  readonly engines: EnginesResponse;
}) {
  const { t } = useTranslation();
  const { section, stored, engines } = props;
  const [draft, setDraft] = useState<SettingsDraft>({});
  // Counts saves and undos: fields that keep their own text start anew.
  const [revision, setRevision] = useState(0);
  const queryClient = useQueryClient();
  const save = useMutation({
    /** Unchecked: an engine that was chosen is saved although it does not work. */
    mutationFn: ({ isChecked }: { readonly isChecked: boolean }) =>
      requestJson(async () => settingsUpdateResponseSchema, '/api/settings', {
        method: 'POST',
        body: { settings: draft, ...(isChecked ? {} : { check: false }) },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['settings'] });
      startAnew();
      // Models, voices and the brain's name depend on what was just saved.
      await Promise.all(
        ['config', 'engines', 'voices', 'engine-models'].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      );
    },
  });
  const values = { ...stored, ...draft };
  const inUse = section.engines === undefined ? [] : engineFieldsOf(section.engines, values, engines);
  const shown = [...section.fields, ...inUse.flatMap(({ fields }) => fields)];
  const problem = save.error
    ? settingsProblemOf(
        save.error,
        shown.map((field) => field.key),
      )
    : null;
  const isChanged = Object.keys(draft).length > 0;

  function startAnew() {
    setDraft({});
    setRevision((count) => count + 1);
  }
  function change(key: SettingKey, value: unknown) {
    setDraft((current) => withDraft(withVoiceLetGo(current, key, value, stored), stored, key, value));
    save.reset();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isChanged) save.mutate({ isChecked: true });
  }

  const texts = sectionTexts[section.id];
  const gridOf = (fields: readonly SettingField[]) => (
    <div className="grid items-start gap-x-5 gap-y-6 sm:grid-cols-2">
      {fields.map((field) => (
        <div key={`${field.key} ${revision}`} className={isWide(field.control) ? 'sm:col-span-2' : ''}>
          <SettingInput
            field={field}
            stored={stored}
            draft={draft}
            engines={engines}
            error={problem?.key === field.key ? problem.detail : undefined}
            onChange={(value) => change(field.key, value)}
          />
        </div>
      ))}
    </div>
  );
  return (
    <section
      id={section.id}
      aria-labelledby={`${section.id}-heading`}
      className="scroll-mt-24 rounded-card border border-line bg-surface p-5 md:p-8"
    >
      <form noValidate onSubmit={submit} className="grid gap-6">
        <div className="grid gap-1">
          <h2 id={`${section.id}-heading`} className="text-xl font-semibold">
            {t(texts.title)}
          </h2>
          <p className="max-w-prose text-[0.9375rem] text-muted">{t(texts.explanation)}</p>
        </div>
        {gridOf(section.fields)}
        {inUse.map(({ stage, engine, fields }, position) => (
          <EngineCard key={engine.id} stage={stage} engine={engine} position={position} draft={draft}>
            {fields.length > 0 ? gridOf(fields) : null}
          </EngineCard>
        ))}
        {section.id === 'voice' && <VoiceTest values={values} />}
        {problem?.key === null && (
          <Banner tone="danger">{problem.detail === '' ? t('settings.notSaved') : problem.detail}</Banner>
        )}
        {save.error instanceof ApiError && save.error.code === engineCheckFailed && (
          <Banner
            tone="warning"
            actions={
              <Button onClick={() => save.mutate({ isChecked: false })}>{t('settings.saveUnchecked')}</Button>
            }
          >
            {t('settings.unchecked')}
          </Banner>
        )}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button
            type="submit"
            tone="primary"
            disabled={!isChanged || save.isPending}
            aria-label={t('settings.saveSection', { section: t(texts.title) })}
          >
            {save.isPending ? t('settings.saving') : t('ui.save')}
          </Button>
          {isChanged && !save.isPending && (
            <Button
              tone="ghost"
              aria-label={t('settings.undoSection', { section: t(texts.title) })}
              onClick={() => {
                startAnew();
                save.reset();
              }}
            >
              {t('settings.undo')}
            </Button>
          )}
          <p role="status" className="text-sm font-medium text-accent">
            {save.isSuccess && !isChanged ? t('settings.saved') : ''}
          </p>
        </div>
      </form>
    </section>
  );
}

function engineFieldsOf(
  { stage, fields }: NonNullable<SettingSection['engines']>,
  values: Readonly<Record<string, unknown>>,
  engines: EnginesResponse,
) {
  const { chosen, fallbacks } = engineKeys[stage];
  const use = { chosen: values[chosen], fallbacks: values[fallbacks] };
  const inUse = enginesInUse<EnginesResponse[EngineStage][number]>(engines[stage], use, fields);
  return inUse.map((each) => ({ ...each, stage }));
}

/** Long texts and lists take the whole width; the rest stands in two columns. */
/** A voice belongs to its engine: another engine begins with its default. */
function withVoiceLetGo(
  draft: SettingsDraft,
  key: SettingKey,
  value: unknown,
  stored: StoredSettings,
): SettingsDraft {
  if (key !== 'tts_engine') return draft;
  return withDraft(draft, stored, 'tts_voice', value === stored.tts_engine ? stored.tts_voice : '');
}

const wideKinds: ReadonlySet<SettingControl['kind']> = new Set([
  'long-text',
  'names',
  'switch',
  'fallbacks',
  'voices',
]);

function isWide(control: SettingControl): boolean {
  return wideKinds.has(control.kind);
}
