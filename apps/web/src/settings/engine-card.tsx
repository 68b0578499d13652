/** One engine in use: what it is and costs, what it still needs, its fields, and a test of it as it stands in the form. */
import type { EngineStage } from '@sophy/contracts/engine-usage';
import { type EnginesResponse, engineTestResponseSchema } from '@sophy/contracts/http-engines';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { ApiError } from '../api/api-error.ts';
import { requestJson } from '../api/request.ts';
import { Button } from '../ui/button.tsx';
import { useEngineName } from './engine-name.ts';
import { usePriceText } from './price-text.ts';
import { settingTexts } from './setting-texts.ts';
import type { SettingsDraft } from './settings-draft.ts';

export function EngineCard(props: {
  readonly stage: EngineStage;
  readonly engine: EnginesResponse[EngineStage][number];
  /** Its place in the form: 0 is the chosen one. */
  readonly position: number;
  /** What is not saved yet is tested too. */
  readonly draft: SettingsDraft;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const nameOf = useEngineName();
  const priceText = usePriceText();
  const { stage, engine, position, draft } = props;
  const name = nameOf(engine.id);
  const test = useMutation({
    mutationFn: () =>
      requestJson(async () => engineTestResponseSchema, `/api/engines/${stage}/${engine.id}/test`, {
        method: 'POST',
        body: { settings: draft },
      }),
  });
  // What is typed but not saved may be just what is missing.
  const isTouched = engine.settings.some((key) => Object.hasOwn(draft, key));
  const missing = engine.available || isTouched ? '' : engine.missing;
  const missingLabel = Object.entries(settingTexts).find(([key]) => missing.includes(key))?.[1].label;
  return (
    <fieldset className="grid min-w-0 gap-4 rounded-field border border-line p-4">
      <legend className="px-1.5 text-[0.9375rem] font-semibold">{name}</legend>
      <ul className="flex flex-wrap gap-2">
        <Badge>{position === 0 ? t('engine.chosen') : t('engine.takesOver', { position })}</Badge>
        <Badge>{engine.self_hosted ? t('engine.selfHosted') : t('engine.hosted')}</Badge>
        <Badge>{engine.capabilities.streaming ? t('engine.streaming') : t('engine.whole')}</Badge>
        <Badge>{priceText(engine.price)}</Badge>
        {engine.breaker === 'open' && <Badge isWarning>{t('engine.leftOut')}</Badge>}
      </ul>
      {missing !== '' && (
        <p className="text-sm font-medium text-warning">
          {missingLabel ? t('engine.missing', { setting: t(missingLabel) }) : missing}
        </p>
      )}
      {props.children}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          disabled={test.isPending}
          aria-label={t('engine.testOf', { engine: name })}
          onClick={() => test.mutate()}
        >
          {test.isPending ? t('engine.testing') : t('engine.test')}
        </Button>
        <p
          role="status"
          className={`min-w-0 text-sm font-medium break-words ${test.data?.ok === true ? 'text-accent' : 'text-danger'}`}
        >
          <TestResult result={test.data} error={test.error} />
        </p>
      </div>
    </fieldset>
  );
}

function TestResult(props: {
  readonly result: z.infer<typeof engineTestResponseSchema> | undefined;
  readonly error: Error | null;
}) {
  const { t } = useTranslation();
  const { result, error } = props;
  if (error !== null) {
    const detail = error instanceof ApiError ? error.detail : '';
    return detail === '' ? t('engine.testFailed') : t('engine.testBad', { message: detail });
  }
  if (result === undefined) return '';
  if (!result.ok) return t('engine.testBad', { message: result.message });
  if (result.words === '') return t('engine.testHeardNothing');
  if (result.words !== null) return t('engine.testHeard', { ms: result.took_ms, words: result.words });
  return t('engine.testGood', { ms: result.took_ms });
}

function Badge({ isWarning = false, children }: { readonly isWarning?: boolean; readonly children: string }) {
  const tone = isWarning ? 'bg-warning-soft text-warning' : 'bg-raised text-ink';
  return <li className={`rounded-full px-2.5 py-0.5 text-sm ${tone}`}>{children}</li>;
}
