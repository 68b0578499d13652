/** Which voice each engine speaks with, by language: rows that are added and removed. */
import { ttsEngines } from '@sophy/contracts/settings';
import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { voicesQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { useEngineName } from './engine-name.ts';
import { rowsOfVoices, type VoiceRow, voicesOfRows } from './voice-rows.ts';

export function VoiceList(props: {
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
  /** The engine of a new row. */
  readonly engine: string;
  readonly value: unknown;
  readonly onChange: (value: Readonly<Record<string, string>>) => void;
}) {
  const { t } = useTranslation();
  const hintId = useId();
  const adder = useRef<HTMLButtonElement>(null);
  // Rows that are not finished are no part of the setting yet, so they are kept here.
  const [rows, setRows] = useState<readonly VoiceRow[]>(() => rowsOfVoices(props.value));
  // What another card has set comes in; a save of these rows does not make them anew.
  const [seen, setSeen] = useState(props.value);
  if (!isSame(seen, props.value)) {
    setSeen(props.value);
    if (!isSame(props.value, voicesOfRows(rows))) setRows(rowsOfVoices(props.value));
  }

  function change(changed: readonly VoiceRow[]) {
    setRows(changed);
    props.onChange(voicesOfRows(changed));
  }
  function addRow() {
    const id = Math.max(0, ...rows.map((row) => row.id)) + 1;
    setRows([...rows, { id, engine: props.engine, language: '', voice: '' }]);
  }

  return (
    <fieldset aria-describedby={hintId} className="grid min-w-0 gap-3">
      <legend className="text-[0.9375rem] font-medium">{props.label}</legend>
      <p id={hintId} className="text-sm text-muted">
        {rows.length === 0 ? `${props.hint} ${t('voices.none')}` : props.hint}
      </p>
      {props.error && (
        <p role="alert" className="text-sm font-medium text-danger">
          {props.error}
        </p>
      )}
      {rows.map((row, index) => (
        <VoiceRowFields
          key={row.id}
          row={row}
          number={index + 1}
          onChange={(changed) => change(rows.map((each) => (each.id === row.id ? changed : each)))}
          onRemove={() => {
            change(rows.filter((each) => each.id !== row.id));
            adder.current?.focus();
          }}
        />
      ))}
      <div>
        <Button ref={adder} onClick={addRow}>
          <Plus aria-hidden="true" className="size-4" />
          {t('voices.add')}
        </Button>
      </div>
    </fieldset>
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function VoiceRowFields(props: {
  readonly row: VoiceRow;
  readonly number: number;
  readonly onChange: (row: VoiceRow) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const nameOf = useEngineName();
  const listId = useId();
  const { row, number, onChange } = props;
  const [isWanted, setWanted] = useState(false);
  const voices = useQuery({ ...voicesQuery(row.engine), enabled: isWanted });
  const fitting = (voices.data?.voices ?? []).filter(
    ({ locale }) => row.language === '' || locale === '' || locale.toLowerCase().startsWith(row.language),
  );
  return (
    <fieldset
      aria-label={t('voices.row', { number })}
      className="grid min-w-0 items-end gap-3 rounded-field border border-line p-3 sm:grid-cols-[1fr_1fr_1.5fr_auto]"
    >
      <SelectField
        label={t('voices.engine')}
        value={row.engine}
        onChange={(event) => onChange({ ...row, engine: event.target.value })}
      >
        {ttsEngines.map((engine) => (
          <option key={engine} value={engine}>
            {nameOf(engine)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('voices.language')}
        value={row.language}
        onChange={(event) => onChange({ ...row, language: event.target.value })}
      >
        <option value="">{t('voices.anyLanguage')}</option>
        <option value="en">{t('choice.english')}</option>
        <option value="it">{t('choice.italian')}</option>
      </SelectField>
      <TextField
        label={t('voices.voice')}
        list={listId}
        autoComplete="off"
        onFocus={() => setWanted(true)}
        value={row.voice}
        onChange={(event) => onChange({ ...row, voice: event.target.value })}
      />
      <datalist id={listId}>
        {fitting.map((voice) => (
          <option key={voice.id} value={voice.id}>
            {voice.name}
          </option>
        ))}
      </datalist>
      <Button tone="ghost" aria-label={t('voices.remove', { number })} onClick={props.onRemove}>
        <X aria-hidden="true" className="size-4" />
      </Button>
    </fieldset>
  );
}
