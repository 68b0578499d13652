/** Everybody in the room: who speaks, who is muted, who came without a microphone. */
import { Mic, MicOff, Volume2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from './participant-view.ts';

const microphoneTexts = {
  on: 'people.microphoneOn',
  muted: 'people.muted',
  none: 'people.noMicrophone',
} as const;

export function PeopleList({ people }: { readonly people: readonly PersonView[] }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('people.label', { count: people.length })} className="min-w-0">
      <h2 className="mb-2 text-sm font-medium text-muted max-md:sr-only">
        {t('people.label', { count: people.length })}
      </h2>
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone the row scrolls, and a keyboard must reach it.
        tabIndex={0}
        className="flex gap-2 max-md:-mx-4 max-md:overflow-x-auto max-md:px-4 max-md:py-1 md:flex-col"
      >
        {people.map((person) => (
          <Person key={person.identity} person={person} />
        ))}
      </ul>
    </section>
  );
}

function Person({ person }: { readonly person: PersonView }) {
  const { t } = useTranslation();
  const Icon = person.isSpeaking ? Volume2 : person.microphone === 'on' ? Mic : MicOff;
  const state = person.isSpeaking ? t('people.speaking') : t(microphoneTexts[person.microphone]);
  return (
    <li
      data-speaking={person.isSpeaking}
      className="flex shrink-0 items-center gap-2.5 rounded-field bg-surface py-1.5 pl-2 pr-3 md:border md:border-line md:py-2.5"
    >
      <span
        aria-hidden="true"
        style={{
          boxShadow: person.isSpeaking
            ? `0 0 0 ${2 + Math.min(1, person.audioLevel) * 5}px var(--accent)`
            : 'none',
        }}
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent-strong transition-shadow duration-150"
      >
        {[...person.name][0]?.toLocaleUpperCase()}
      </span>
      <span className="min-w-0 grow truncate text-[0.9375rem] font-medium max-md:max-w-32">
        {person.name}
        {person.isLocal && <span className="font-normal text-muted"> {t('people.you')}</span>}
      </span>
      <Icon
        aria-hidden="true"
        className={`size-4 shrink-0 ${person.isSpeaking ? 'text-accent' : 'text-muted'}`}
      />
      <span className="sr-only">{state}</span>
    </li>
  );
}
