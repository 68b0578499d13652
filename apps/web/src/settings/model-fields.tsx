/** Controls whose choices come from an engine: models of Ollama and OpenRouter, voices of the chosen voice engine. */
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { ollamaModelsQuery, openrouterModelsQuery, voicesQuery } from '../api/queries.ts';
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

export function OllamaModelField({ value, onValue, ...frame }: ModelFieldProps) {
  const { t } = useTranslation();
  const models = useQuery(ollamaModelsQuery());
  if (models.error) {
    return (
      <TextField
        {...frame}
        hint={problemText(models.error, t('models.notListed'))}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
    );
  }
  return (
    <SelectField {...frame} value={value} onChange={(event) => onValue(event.target.value)}>
      <option value="">{t('models.first')}</option>
      {withStored(models.data?.models ?? [], value).map((model) => (
        <option key={model.id} value={model.id}>
          {model.name}
        </option>
      ))}
    </SelectField>
  );
}

export function OpenrouterModelField({ value, onValue, hint, ...frame }: ModelFieldProps) {
  const { t } = useTranslation();
  const listId = useId();
  const models = useQuery(openrouterModelsQuery());
  return (
    <>
      <TextField
        {...frame}
        hint={models.error ? problemText(models.error, t('models.notListed')) : hint}
        list={listId}
        autoComplete="off"
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
    (voice) => language === 'auto' || voice.locale.toLowerCase().startsWith(language),
  );
  const options = fitting.map((voice) => ({ id: voice.id, name: `${voice.name} (${voice.locale})` }));
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
