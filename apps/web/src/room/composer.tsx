/** Types a message to everybody in the room, the agent too. */
import { SendHorizontal } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { controlClasses } from '../ui/field.tsx';

/** A typed turn longer than this is refused by the agent. */
const maxLength = 4_000;

export function Composer(props: { readonly isEnabled: boolean; readonly onSend: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    const message = text.trim();
    if (message === '' || !props.isEnabled) return;
    props.onSend(message);
    setText('');
  }
  return (
    <form onSubmit={submit} className="px-4 md:px-8">
      <div className="mx-auto flex max-w-2xl gap-2 pb-3">
        <input
          aria-label={t('composer.label')}
          placeholder={t('composer.placeholder')}
          autoComplete="off"
          enterKeyHint="send"
          maxLength={maxLength}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className={`h-12 min-w-0 grow ${controlClasses}`}
        />
        <button
          type="submit"
          aria-label={t('composer.send')}
          disabled={!props.isEnabled}
          className="grid size-12 shrink-0 place-items-center rounded-field bg-accent text-on-accent hover:bg-accent-strong disabled:bg-raised disabled:text-muted"
        >
          <SendHorizontal aria-hidden="true" className="size-5" />
        </button>
      </div>
    </form>
  );
}
