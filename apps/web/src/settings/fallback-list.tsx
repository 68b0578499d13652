/** The engines that take over, in order: added, moved and removed with the keyboard as with a pointer. */
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { useEngineName } from './engine-name.ts';

/** As many as the service takes. */
const mostFallbacks = 4;

export function FallbackList(props: {
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly options: readonly string[];
  /** The engine that they stand in for; it does not stand in for itself. */
  readonly chosen: string;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const nameOf = useEngineName();
  const labelId = useId();
  const adder = useRef<HTMLDivElement>(null);
  const [news, setNews] = useState('');
  const engines = props.value.filter((engine) => engine !== props.chosen);
  const others = props.options.filter((option) => option !== props.chosen && !engines.includes(option));

  function move(engine: string, by: -1 | 1) {
    const from = engines.indexOf(engine);
    const to = from + by;
    const neighbour = engines[to];
    if (neighbour === undefined) return;
    props.onChange(engines.map((each) => (each === engine ? neighbour : each === neighbour ? engine : each)));
    setNews(t('fallbacks.moved', { engine: nameOf(engine), position: to + 1, total: engines.length }));
  }
  function remove(engine: string) {
    props.onChange(engines.filter((each) => each !== engine));
    setNews(t('fallbacks.removed', { engine: nameOf(engine) }));
    // The button that had the focus is gone.
    adder.current?.querySelector('select')?.focus();
  }
  function add(engine: string) {
    if (engine === '') return;
    props.onChange([...engines, engine]);
    setNews(t('fallbacks.added', { engine: nameOf(engine) }));
  }

  return (
    <fieldset aria-describedby={`${labelId}-hint`} className="grid min-w-0 content-start gap-2">
      <legend className="text-[0.9375rem] font-medium">{props.label}</legend>
      <p id={`${labelId}-hint`} className="text-sm text-muted">
        {engines.length === 0 ? `${t('fallbacks.none')} ${props.hint}` : props.hint}
      </p>
      {props.error && (
        <p role="alert" className="text-sm font-medium text-danger">
          {props.error}
        </p>
      )}
      {engines.length > 0 && (
        <ol className="grid gap-2">
          {engines.map((engine, index) => (
            <li
              key={engine}
              className="flex min-h-11 items-center gap-1 rounded-field border border-line py-1 pr-1 pl-3.5"
            >
              <span className="min-w-0 grow break-words">
                {index + 1}. {nameOf(engine)}
              </span>
              <SmallButton
                label={t('fallbacks.up', { engine: nameOf(engine) })}
                isIdle={index === 0}
                onClick={() => move(engine, -1)}
              >
                <ArrowUp aria-hidden="true" className="size-4" />
              </SmallButton>
              <SmallButton
                label={t('fallbacks.down', { engine: nameOf(engine) })}
                isIdle={index === engines.length - 1}
                onClick={() => move(engine, 1)}
              >
                <ArrowDown aria-hidden="true" className="size-4" />
              </SmallButton>
              <SmallButton
                label={t('fallbacks.remove', { engine: nameOf(engine) })}
                onClick={() => remove(engine)}
              >
                <X aria-hidden="true" className="size-4" />
              </SmallButton>
            </li>
          ))}
        </ol>
      )}
      {others.length > 0 && engines.length < mostFallbacks && (
        <div ref={adder}>
          <SelectField label={t('fallbacks.add')} value="" onChange={(event) => add(event.target.value)}>
            <option value="">{t('fallbacks.choose')}</option>
            {others.map((option) => (
              <option key={option} value={option}>
                {nameOf(option)}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      <p role="status" className="sr-only">
        {news}
      </p>
    </fieldset>
  );
}

/** Keeps the focus when it has nothing to do, so that a second press does not fall through to the page. */
function SmallButton(props: {
  readonly label: string;
  readonly isIdle?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button
      tone="ghost"
      className="min-w-11 px-0"
      aria-label={props.label}
      title={props.label}
      aria-disabled={props.isIdle === true}
      onClick={props.onClick}
    >
      {props.children}
    </Button>
  );
}
