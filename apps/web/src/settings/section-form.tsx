/** One section of the settings: its own draft, its own save. */
import { settingsUpdateResponseSchema } from '@sophy/contracts/http-settings';
import type { SettingKey, Settings } from '@sophy/contracts/settings';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { requestJson } from '../api/request.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { SettingInput } from './setting-input.tsx';
import type { SettingControl, SettingSection } from './setting-sections.ts';
import { sectionTexts } from './setting-texts.ts';
import { type SettingsDraft, type StoredSettings, withDraft } from './settings-draft.ts';
import { settingsProblemOf } from './settings-problem.ts';
import { VoiceTest } from './voice-test.tsx';

export function SectionForm(props: { readonly section: SettingSection; readonly stored: StoredSettings }) {
  const { t } = useTranslation();
  const { section, stored } = props;
  const [draft, setDraft] = useState<SettingsDraft>({});
  // Counts saves and undos: fields that keep their own text start anew.
  const [revision, setRevision] = useState(0);
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      requestJson(async () => settingsUpdateResponseSchema, '/api/settings', {
        method: 'POST',
        body: { settings: draft },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['settings'] });
      startAnew();
      // Models, voices and the brain's name depend on what was just saved.
      await Promise.all(
        ['config', 'voices', 'ollama-models', 'openrouter-models'].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      );
    },
  });
  const values = { ...stored, ...draft };
  const shown = section.fields.filter((field) => field.isShown?.(values as Partial<Settings>) ?? true);
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
    setDraft((current) => withDraft(current, stored, key, value));
    save.reset();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isChanged) save.mutate();
  }

  const texts = sectionTexts[section.id];
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
        <div className="grid items-start gap-x-5 gap-y-6 sm:grid-cols-2">
          {shown.map((field) => (
            <div key={`${field.key} ${revision}`} className={isWide(field.control) ? 'sm:col-span-2' : ''}>
              <SettingInput
                field={field}
                stored={stored}
                draft={draft}
                error={problem?.key === field.key ? problem.detail : undefined}
                onChange={(value) => change(field.key, value)}
              />
            </div>
          ))}
        </div>
        {section.id === 'voice' && <VoiceTest values={values} />}
        {problem?.key === null && (
          <Banner tone="danger">{problem.detail === '' ? t('settings.notSaved') : problem.detail}</Banner>
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

/** Long texts and lists take the whole width; the rest stands in two columns. */
function isWide(control: SettingControl): boolean {
  return control.kind === 'long-text' || control.kind === 'names' || control.kind === 'switch';
}
