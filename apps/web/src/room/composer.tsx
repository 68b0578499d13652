/** Types a message to everybody in the room, the agent too, or to the agent alone. */
import { ChevronDown, Lock, SendHorizontal, Users } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { controlClasses } from '../ui/field.tsx';
import type { MessageTarget } from './room-session.ts';

/** A typed turn longer than this is refused by the agent. */
const maxLength = 4_000;

export function Composer(props: {
  readonly isEnabled: boolean;
  /** Null while there is no agent: nothing can be said to it alone then. */
  readonly agentName: string | null;
  readonly onSend: (text: string, to: MessageTarget) => void;
}) {
  const { t } = useTranslation();
  const { agentName } = props;
  const [text, setText] = useState('');
  const [to, setTo] = useState<MessageTarget>('everybody');
  const isPrivate = to === 'agent';
  const canSend = props.isEnabled && (!isPrivate || agentName !== null);
  function submit(event: FormEvent) {
    event.preventDefault();
    const message = text.trim();
    if (message === '' || !canSend) return;
    props.onSend(message, to);
    setText('');
  }
  const name = agentName ?? t('agent.label');
  return (
    <form onSubmit={submit} data-to={to} className="px-4 md:px-8">
      <div className="mx-auto flex max-w-2xl gap-2 pb-3">
        <TargetChoice to={to} agentName={name} isAgentHere={agentName !== null} onChange={setTo} />
        <input
          aria-label={t('composer.label')}
          placeholder={isPrivate ? t('composer.placeholderPrivate', { name }) : t('composer.placeholder')}
          autoComplete="off"
          enterKeyHint="send"
          maxLength={maxLength}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={`h-12 min-w-0 grow ${controlClasses} ${isPrivate ? 'border-dashed border-accent!' : ''}`}
        />
        <button
          type="submit"
          aria-label={isPrivate ? t('composer.sendPrivate', { name }) : t('composer.send')}
          disabled={!canSend}
          className="grid size-12 shrink-0 place-items-center rounded-field bg-accent text-on-accent hover:bg-accent-strong disabled:bg-raised disabled:text-muted"
        >
          <SendHorizontal aria-hidden="true" className="size-5" />
        </button>
      </div>
    </form>
  );
}

/** The browser's own list; on a phone only its picture shows, to leave room for the words. */
function TargetChoice(props: {
  readonly to: MessageTarget;
  readonly agentName: string;
  readonly isAgentHere: boolean;
  readonly onChange: (to: MessageTarget) => void;
}) {
  const { t } = useTranslation();
  const isPrivate = props.to === 'agent';
  const Icon = isPrivate ? Lock : Users;
  return (
    <span className="relative shrink-0">
      <select
        aria-label={t('composer.to')}
        value={props.to}
        onChange={(event) => props.onChange(event.target.value === 'agent' ? 'agent' : 'everybody')}
        className={`h-12 appearance-none max-md:w-14! max-md:text-transparent md:max-w-44 md:truncate md:pl-10! md:pr-9! ${controlClasses} ${isPrivate ? 'border-dashed border-accent! bg-accent-soft!' : ''}`}
      >
        <option value="everybody" className="text-ink">
          {t('composer.everybody')}
        </option>
        <option value="agent" disabled={!props.isAgentHere} className="text-ink">
          {t('composer.onlyAgent', { name: props.agentName })}
        </option>
      </select>
      <Icon
        aria-hidden="true"
        className={`pointer-events-none absolute left-2.5 top-3.5 size-5 md:left-3 ${isPrivate ? 'text-accent' : 'text-muted'}`}
      />
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute right-1.5 top-4 size-4 text-muted md:right-3"
      />
    </span>
  );
}
