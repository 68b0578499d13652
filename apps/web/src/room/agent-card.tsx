/** The agent: its picture, its state in words, why, and which brain it has. */
import { Link } from '@tanstack/react-router';
import type { Room } from 'livekit-client';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AgentFigure } from '../ui/agent-figure.tsx';
import { followAudioLevel } from '../ui/audio-level.ts';
import { isDemoBrain } from '../ui/demo-brain.ts';
import { AgentThoughts, type Thoughts } from './agent-thoughts.tsx';
import type { AgentView } from './participant-view.ts';

const stateTexts = {
  initializing: 'agent.initializing',
  listening: 'agent.listening',
  thinking: 'agent.thinking',
  speaking: 'agent.speaking',
} as const;

/** An agent normally comes within a second; after this long something is wrong. */
const lateAfterMs = 12_000;

export function AgentCard(props: {
  readonly agent: AgentView | null;
  readonly isQueued: boolean;
  readonly thoughts: Thoughts;
  readonly room: Room;
}) {
  const { t } = useTranslation();
  const { agent } = props;
  const figure = useAgentLevel(props.room, agent);
  return (
    <section
      aria-label={t('agent.label')}
      className="flex items-center gap-4 rounded-card border border-line bg-surface p-3 md:flex-col md:p-6 md:text-center"
    >
      <AgentFigure levelRef={figure} state={agent?.state ?? 'absent'} className="size-14 md:size-28" />
      <div className="grid min-w-0 grow gap-0.5 md:gap-1">
        {agent ? (
          <PresentAgent agent={agent} thoughts={props.thoughts} />
        ) : (
          <AbsentAgent isQueued={props.isQueued} />
        )}
      </div>
    </section>
  );
}

function PresentAgent(props: { readonly agent: AgentView; readonly thoughts: Thoughts }) {
  const { t } = useTranslation();
  const { agent } = props;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 md:justify-center">
        <h2 className="text-sm font-medium text-muted">{agent.name}</h2>
        {agent.brain !== '' && <Brain brain={agent.brain} />}
      </div>
      <p data-testid="agent-state" data-state={agent.state} className="text-xl font-semibold md:text-2xl">
        {t(stateTexts[agent.state])}
      </p>
      <AgentThoughts agent={agent} thoughts={props.thoughts} />
    </>
  );
}

function Brain({ brain }: { readonly brain: string }) {
  const { t } = useTranslation();
  if (!isDemoBrain(brain)) {
    return (
      <span className="min-w-0 truncate rounded-full bg-raised px-2.5 py-0.5 text-xs font-medium text-muted">
        {brain}
      </span>
    );
  }
  return (
    <span
      title={t('brain.demoExplanation')}
      className="rounded-full bg-warning-soft px-2.5 py-0.5 text-xs font-semibold text-warning"
    >
      {t('brain.demo')}
    </span>
  );
}

function AbsentAgent({ isQueued }: { readonly isQueued: boolean }) {
  const { t } = useTranslation();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), lateAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <p data-testid="agent-state" data-state="absent" className="text-lg font-semibold">
        {t(isQueued ? 'agent.queued' : 'agent.waiting')}
      </p>
      {isQueued && (
        <p role="status" className="text-sm text-muted">
          {t('agent.queuedHint')}
        </p>
      )}
      {isLate && !isQueued && (
        <p className="text-sm text-muted">
          {t('agent.late')}{' '}
          <Link to="/status" target="_blank" className="font-medium text-accent underline underline-offset-4">
            {t('agent.seeStatus')}
          </Link>
        </p>
      )}
    </>
  );
}

/** Moves the picture with the agent's voice while it speaks, unless the person prefers stillness. */
function useAgentLevel(room: Room, agent: AgentView | null) {
  const figure = useRef<HTMLDivElement>(null);
  const identity = agent?.state === 'speaking' ? agent.identity : null;
  useEffect(() => {
    if (identity === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const publications = room.remoteParticipants.get(identity)?.audioTrackPublications.values() ?? [];
    const track = [...publications].find((publication) => publication.track)?.track?.mediaStreamTrack;
    if (!track) return;
    const stop = followAudioLevel(new MediaStream([track]), (level) =>
      figure.current?.style.setProperty('--level', level.toFixed(3)),
    );
    return () => {
      stop();
      figure.current?.style.removeProperty('--level');
    };
  }, [room, identity]);
  return figure;
}
