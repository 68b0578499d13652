/** Controls whose choices come from an engine: models, voices of the chosen voice engine. */
import type { EngineStage } from '@sophy/contracts/engine-usage';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { engineModelsQuery, voicesQuery } from '../api/queries.ts';
import { SelectField, TextField } from '../ui/field.tsx';

type ModelFieldProps = {
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
};

type Option = { readonly id: string; readonly name: string };

/** The stored value stays choosable when the engine does not list it. */
function withStored(options: readonly Option[], value: string): readonly Option[] {
  if (value === '' || options.some((option) => option.id === value)) return options;
  return [{ id: value, name: value }, ...options];
}

function problemText(error: Error, otherwise: string): string {
  return error instanceof ApiError && error.detail !== '' ? error.detail : otherwise;
}

/** A name, with those that the engine lists to choose from. It is asked once somebody wants to choose. */
export function EngineModelField(
  props: ModelFieldProps & {
    readonly stage: EngineStage;
    readonly engine: string;
    /** Whether the engine can be asked now. */
    readonly isListed: boolean;
  },
) {
  const { t } = useTranslation();
  const { value, onValue, hint, stage, engine, isListed, ...frame } = props;
  const listId = useId();
  const [isWanted, setWanted] = useState(false);
  const models = useQuery({ ...engineModelsQuery(stage, engine), enabled: isListed && isWanted });
  return (
    <>
      <TextField
        {...frame}
        hint={models.error ? problemText(models.error, t('models.notListed')) : hint}
        list={listId}
        autoComplete="off"
        // Ollama without a name takes what it has.
        placeholder={engine === 'ollama' ? t('models.first') : ''}
        onFocus={() => setWanted(true)}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
      <datalist id={listId}>
        {models.data?.models.map((model) => (
          <option key={model.id} value={model.id}>
            {model.name}
          </option>
        ))}
      </datalist>
    </>
  );
}

export function VoiceField(props: ModelFieldProps & { readonly engine: string; readonly language: string }) {
  const { t } = useTranslation();
  const { value, onValue, engine, language, ...frame } = props;
  const voices = useQuery(voicesQuery(engine));
  if (voices.error) {
    return (
      <TextField
        {...frame}
        hint={problemText(voices.error, t('models.voicesNotListed'))}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
    );
  }
  const fitting = (voices.data?.voices ?? []).filter(
    ({ locale }) => language === 'auto' || locale === '' || locale.toLowerCase().startsWith(language),
  );
  const options = fitting.map(({ id, name, locale }) => ({
    id,
    name: locale === '' ? name : `${name} (${locale})`,
  }));
  return (
    <SelectField {...frame} value={value} onChange={(event) => onValue(event.target.value)}>
      <option value="">{t('models.defaultVoice')}</option>
      {withStored(options, value).map((voice) => (
        <option key={voice.id} value={voice.id}>
          {voice.name}
        </option>
      ))}
    </SelectField>
  );
}
