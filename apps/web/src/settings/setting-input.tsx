/** One setting as a labelled control of the right kind. */
import type { EnginesResponse } from '@sophy/contracts/http-engines';
import { useTranslation } from 'react-i18next';
import { SelectField, TextAreaField, TextField } from '../ui/field.tsx';
import { SwitchField } from '../ui/switch-field.tsx';
import { FallbackList } from './fallback-list.tsx';
import { EngineModelField, VoiceField } from './model-fields.tsx';
import { SecretField } from './secret-field.tsx';
import { engineKeys, type SettingField } from './setting-sections.ts';
import { choiceTextOf, settingTexts } from './setting-texts.ts';
import { namesOf, type SettingsDraft, type StoredSettings } from './settings-draft.ts';
import { VoiceList } from './voice-list.tsx';

export function SettingInput(props: {
  readonly field: SettingField;
  readonly stored: StoredSettings;
  readonly draft: SettingsDraft;
  readonly engines: EnginesResponse;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation();
  const { field, onChange } = props;
  const value: unknown = Object.hasOwn(props.draft, field.key)
    ? props.draft[field.key]
    : props.stored[field.key];
  const current = (key: SettingField['key']) => String(props.draft[key] ?? props.stored[key]);
  const texts = settingTexts[field.key];
  const frame = { label: t(texts.label), hint: t(texts.hint), error: props.error };
  const written = {
    value: typeof value === 'string' ? value : '',
    onValue: (text: string) => onChange(text),
  };
  switch (field.control.kind) {
    case 'text':
      return (
        <TextField {...frame} value={written.value} onChange={(event) => onChange(event.target.value)} />
      );
    case 'long-text':
      return (
        <TextAreaField
          {...frame}
          rows={field.control.rows}
          value={written.value}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'number':
      return <NumberField {...frame} control={field.control} value={value} onChange={onChange} />;
    case 'switch':
      return <SwitchField {...frame} checked={value === true} onChange={onChange} />;
    case 'secret':
      return (
        <SecretField
          {...frame}
          stored={props.stored[field.key]}
          draft={props.draft[field.key]}
          onChange={onChange}
        />
      );
    case 'names':
      return <NamesField {...frame} value={value} onChange={onChange} />;
    case 'model': {
      const { stage, engine } = field.control;
      const listed = props.engines[stage].find(({ id }) => id === engine);
      const isListed = listed?.available === true && listed.lists_models;
      return <EngineModelField {...frame} {...written} stage={stage} engine={engine} isListed={isListed} />;
    }
    case 'fallbacks':
      return (
        <FallbackList
          {...frame}
          options={field.control.options}
          chosen={current(engineKeys[field.control.stage].chosen)}
          value={namesIn(value)}
          onChange={onChange}
        />
      );
    case 'voices':
      return <VoiceList {...frame} engine={current('tts_engine')} value={value} onChange={onChange} />;
    case 'voice':
      return (
        <VoiceField
          {...frame}
          {...written}
          engine={current('tts_engine')}
          language={current('tts_language')}
        />
      );
    case 'choice':
      return (
        <SelectField {...frame} value={written.value} onChange={(event) => onChange(event.target.value)}>
          {field.control.options.map((option) => {
            const text = choiceTextOf(option);
            return (
              <option key={option} value={option}>
                {text ? t(text) : option}
              </option>
            );
          })}
        </SelectField>
      );
  }
}

type FrameProps = { readonly label: string; readonly hint: string; readonly error: string | undefined };

function NumberField(
  props: FrameProps & {
    readonly control: { readonly min: number; readonly max: number; readonly step: number };
    readonly value: unknown;
    readonly onChange: (value: unknown) => void;
  },
) {
  const { label, hint, error, control, value } = props;
  return (
    <TextField
      label={label}
      hint={hint}
      error={error}
      type="number"
      inputMode="decimal"
      min={control.min}
      max={control.max}
      step={control.step}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      // What is not a number is sent as it was typed: the service says what it expects.
      onChange={(event) =>
        props.onChange(
          Number.isNaN(event.target.valueAsNumber) ? event.target.value : event.target.valueAsNumber,
        )
      }
    />
  );
}

function NamesField(
  props: FrameProps & { readonly value: unknown; readonly onChange: (value: unknown) => void },
) {
  const { label, hint, error, value } = props;
  return (
    <TextAreaField
      label={label}
      hint={hint}
      error={error}
      rows={3}
      defaultValue={namesIn(value).join(', ')}
      onChange={(event) => props.onChange(namesOf(event.target.value))}
    />
  );
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
