/** Everybody in the room: who speaks, whom the agent hears and how, who raised a hand, who is muted. */
import { Ear, Hand, Mic, MicOff, TriangleAlert, Volume2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from './participant-view.ts';
import type { RoomSnapshot } from './room-snapshot.ts';

const microphoneTexts = {
  on: 'people.microphoneOn',
  muted: 'people.muted',
  none: 'people.noMicrophone',
} as const;

const microphoneIcons = { on: Mic, muted: MicOff, none: MicOff } as const;

/** How the agent hears somebody, where there is something to say about it. */
const hearingLooks = {
  hearing: { text: 'people.heard', icon: Ear, tone: 'text-accent' },
  noisy: { text: 'people.noisy', icon: TriangleAlert, tone: 'text-warning' },
  failing: { text: 'people.failing', icon: TriangleAlert, tone: 'text-danger' },
} as const;

export function PeopleList(props: {
  readonly snapshot: Pick<RoomSnapshot, 'people' | 'hearing' | 'raisedHands'>;
  readonly agentName: string;
}) {
  const { t } = useTranslation();
  const { people, hearing, raisedHands } = props.snapshot;
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
          <Person
            key={person.identity}
            person={person}
            hearing={hearing[person.identity] ?? 'silent'}
            isHandRaised={raisedHands.includes(person.identity)}
            agentName={props.agentName}
          />
        ))}
      </ul>
    </section>
  );
}

function Person(props: {
  readonly person: PersonView;
  readonly hearing: RoomSnapshot['hearing'][string];
  readonly isHandRaised: boolean;
  readonly agentName: string;
}) {
  const { t } = useTranslation();
  const { person, isHandRaised } = props;
  const { icon: Icon, text, tone } = usePersonState(person, props.hearing, props.agentName);
  return (
    <li
      data-speaking={person.isSpeaking}
      data-hearing={props.hearing}
      data-hand={isHandRaised}
      className={`relative flex shrink-0 items-center gap-2.5 rounded-field bg-surface py-1.5 pl-2 pr-3 md:border md:py-2 ${isHandRaised ? 'outline-2 -outline-offset-2 outline-accent md:border-transparent' : 'md:border-line'}`}
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
      <span className="grid min-w-0 grow">
        <span className="truncate text-[0.9375rem] font-medium leading-tight max-md:max-w-32">
          {person.name}
          {person.isLocal && <span className="font-normal text-muted"> {t('people.you')}</span>}
        </span>
        <span className={`flex items-center gap-1 whitespace-nowrap text-xs ${tone}`}>
          <Icon aria-hidden="true" className="size-3.5 shrink-0" />
          {text}
        </span>
      </span>
      {isHandRaised && (
        <span className="grid size-7 shrink-0 place-items-center rounded-full bg-accent text-on-accent">
          <Hand aria-hidden="true" className="size-4" />
          <span className="sr-only">{t('people.handRaised')}</span>
        </span>
      )}
    </li>
  );
}

/** The one thing that matters most about a person now. */
function usePersonState(
  person: PersonView,
  hearing: RoomSnapshot['hearing'][string],
  agentName: string,
): { readonly icon: typeof Mic; readonly text: string; readonly tone: string } {
  const { t } = useTranslation();
  const { microphone } = person;
  if (microphone !== 'muted' && hearing !== 'silent' && hearing !== undefined) {
    const look = hearingLooks[hearing];
    return { icon: look.icon, text: t(look.text, { name: agentName }), tone: look.tone };
  }
  if (person.isSpeaking) return { icon: Volume2, text: t('people.speaking'), tone: 'text-accent' };
  return { icon: microphoneIcons[microphone], text: t(microphoneTexts[microphone]), tone: 'text-muted' };
}
