/** One model of the local engines: what it is, how far its download is, and what can be done with it. */
import { type LocalModel, localModelSchema } from '@sophy/contracts/http-engines';
import { settingsUpdateResponseSchema } from '@sophy/contracts/http-settings';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { ApiError } from '../api/api-error.ts';
import { localModelsPath } from '../api/local-models-query.ts';
import { requestJson, requestRaw } from '../api/request.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { isUsed, type LocalModelSettings, settingsToUse } from './local-model-use.ts';

export function LocalModelRow(props: { readonly model: LocalModel; readonly stored: LocalModelSettings }) {
  const { t } = useTranslation();
  const { model, stored } = props;
  const { title } = model;
  const headingId = useId();
  const row = useRef<HTMLLIElement>(null);
  const queryClient = useQueryClient();
  const refresh = (keys: readonly string[]) =>
    Promise.all(keys.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
  /** The button that was pressed goes: whoever uses a keyboard stays where they were. */
  const afterwards = async () => {
    row.current?.focus();
    await refresh(['local-models', 'voices', 'engine-models']);
  };
  const modelPath = `${localModelsPath}/${encodeURIComponent(model.id)}`;
  const download = useMutation({
    mutationFn: () => requestJson(async () => localModelSchema, `${modelPath}/download`, { method: 'POST' }),
    onSuccess: afterwards,
  });
  const remove = useMutation({
    mutationFn: () => requestRaw(modelPath, { method: 'DELETE' }),
    onSuccess: afterwards,
  });
  const change = settingsToUse(model, stored);
  const use = useMutation({
    mutationFn: () =>
      requestJson(async () => settingsUpdateResponseSchema, '/api/settings', {
        method: 'POST',
        body: { settings: change },
      }),
    onSuccess: async () => {
      row.current?.focus();
      await refresh(['settings', 'engines', 'voices', 'engine-models', 'config']);
      toast.success(t('localModels.nowUsed', { model: title }));
    },
  });
  const isPending = download.isPending || remove.isPending || use.isPending;
  const used = isUsed(model, stored);
  const failure = download.error ?? remove.error ?? use.error;
  const start = (action: { readonly mutate: () => void }) => {
    for (const mutation of [download, remove, use]) mutation.reset();
    action.mutate();
  };
  const isHere = model.state === 'loaded' || model.state === 'installed';
  return (
    <li
      ref={row}
      tabIndex={-1}
      aria-labelledby={headingId}
      className="grid min-w-0 grid-cols-1 gap-x-4 gap-y-3 py-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center"
    >
      <div className="grid min-w-0 grid-cols-1 gap-1">
        <h4 id={headingId} className="font-medium break-words">
          {title}
        </h4>
        <Facts model={model} />
        <p role="status" className="text-sm font-medium break-words">
          <StateText model={model} isUsed={used} />
        </p>
        <DownloadProgress model={model} />
        {failure !== null && (
          <p role="alert" className="text-sm font-medium break-words text-danger">
            {failure instanceof ApiError && failure.detail !== '' ? failure.detail : t('localModels.failed')}
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {change !== null && !used && (
          <Button
            disabled={isPending}
            aria-label={t('localModels.useOf', { model: title })}
            onClick={() => start(use)}
          >
            {t('localModels.use')}
          </Button>
        )}
        {isHere && !model.is_default && !used && (
          <ConfirmDialog
            trigger={
              <Button disabled={isPending} aria-label={t('localModels.deleteOf', { model: title })}>
                {t('localModels.delete')}
              </Button>
            }
            title={t('localModels.deleteTitle')}
            explanation={t('localModels.deleteExplanation', { model: title })}
            confirmText={t('localModels.delete')}
            cancelText={t('ui.cancel')}
            onConfirm={() => start(remove)}
          />
        )}
        {model.state === 'downloading' && (
          <Button
            disabled={isPending}
            aria-label={t('localModels.stopOf', { model: title })}
            onClick={() => start(remove)}
          >
            {t('localModels.stop')}
          </Button>
        )}
        {(model.state === 'installable' || model.state === 'failed') && (
          <Button
            disabled={isPending}
            aria-label={t('localModels.downloadOf', { model: title })}
            onClick={() => start(download)}
          >
            {t('localModels.download')}
          </Button>
        )}
      </div>
    </li>
  );
}

/** Size, languages and licence in one line. */
function Facts({ model }: { readonly model: LocalModel }) {
  const { t } = useTranslation();
  const size = useSizeText();
  const { languages } = model;
  const names = useLanguageNames();
  const spoken =
    languages.length > 3 ? t('localModels.languages', { count: languages.length }) : names(languages);
  const facts = [size(model.bytes), spoken, model.license].filter((fact) => fact !== '');
  return <p className="text-sm break-words text-muted">{facts.join(' · ')}</p>;
}

function StateText({ model, isUsed: used }: { readonly model: LocalModel; readonly isUsed: boolean }) {
  const { t } = useTranslation();
  switch (model.state) {
    case 'loaded':
    case 'installed': {
      if (used) return t('localModels.used');
      if (model.is_default) return t('localModels.isDefault');
      return model.state === 'loaded' ? t('localModels.loaded') : t('localModels.installed');
    }
    case 'installable':
      return t('localModels.installable');
    case 'downloading':
      return t('localModels.downloading');
    case 'failed':
      return t('localModels.notDownloaded', { message: model.download?.message ?? '' });
    default:
      return model.state satisfies never;
  }
}

function DownloadProgress({ model }: { readonly model: LocalModel }) {
  const { t } = useTranslation();
  const size = useSizeText();
  const { download, state } = model;
  if (state !== 'downloading' || download === null) return null;
  const { received_bytes: received, total_bytes: total } = download;
  const label = t('localModels.progressOf', { model: model.title });
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      {/* Without a value it says that the end is unknown. */}
      <progress
        aria-label={label}
        className="h-2 w-48 max-w-full accent-accent"
        {...(total === null ? {} : { max: total, value: Math.min(received, total) })}
      />
      {total === null
        ? size(received)
        : t('localModels.progress', { received: size(received), total: size(total) })}
    </div>
  );
}

function useSizeText(): (bytes: number) => string {
  const { i18n } = useTranslation();
  return (bytes) => {
    const [unit, value, digits] =
      bytes < 1e9 ? (['megabyte', bytes / 1e6, 0] as const) : (['gigabyte', bytes / 1e9, 2] as const);
    return new Intl.NumberFormat(i18n.language, {
      style: 'unit',
      unit,
      maximumFractionDigits: digits,
    }).format(value);
  };
}

function useLanguageNames(): (codes: readonly string[]) => string {
  const { i18n } = useTranslation();
  const names = new Intl.DisplayNames([i18n.language], { type: 'language' });
  return (codes) => codes.map((code) => names.of(code) ?? code).join(', ');
}
