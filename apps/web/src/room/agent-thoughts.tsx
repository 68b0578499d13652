/** Under the agent's state: what it waits for or did last, by which rule, and who is next. */
import { ListOrdered } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AgentView, PersonView } from './participant-view.ts';
import type { RoomSnapshot } from './room-snapshot.ts';
import { actionTexts, nowTexts, ruleInWords, waitTexts } from './rule-texts.ts';

export type Thoughts = Pick<RoomSnapshot, 'people' | 'decision' | 'waiting' | 'queue'>;

export function AgentThoughts(props: { readonly agent: AgentView; readonly thoughts: Thoughts }) {
  const { t } = useTranslation();
  const { people, queue } = props.thoughts;
  const reason = useReason(props.agent, props.thoughts);
  return (
    <>
      {reason !== '' && (
        <p data-testid="agent-reason" className="text-[0.8125rem] leading-snug text-muted md:text-sm">
          {reason}
        </p>
      )}
      {queue.length > 0 && (
        <p
          data-testid="agent-queue"
          className="flex items-center gap-1.5 text-[0.8125rem] font-medium text-accent-strong md:text-sm md:justify-center"
        >
          <ListOrdered aria-hidden="true" className="size-4 shrink-0" />
          {t('now.next', { names: queue.map((speaker) => nameOf(people, speaker)).join(', ') })}
        </p>
      )}
      <OwnSilence thoughts={props.thoughts} />
    </>
  );
}

function useReason(agent: AgentView, { people, decision, waiting }: Thoughts): string {
  const { t } = useTranslation();
  const wait = waiting.at(-1);
  if (wait) return t('now.wait', { name: nameOf(people, wait.speaker), reason: t(waitTexts[wait.reason]) });
  if (decision) {
    const rule = ruleInWords(decision.rule, t);
    return decision.name === null
      ? `${t(actionTexts[decision.action])}: ${rule}`
      : t(nowTexts[decision.action], { name: decision.name, rule });
  }
  return agent.reason === '' ? '' : ruleInWords(agent.reason, t);
}

/** Tells a screen reader why one's own words got no answer; an answer is heard anyway. */
function OwnSilence({ thoughts: { people, decision } }: { readonly thoughts: Thoughts }) {
  const { t } = useTranslation();
  const isSilence = decision?.action === 'silent' || decision?.action === 'drop';
  const isOwn = people.some((person) => person.isLocal && person.identity === decision?.speaker);
  return (
    <p role="status" className="sr-only">
      {decision && isSilence && isOwn
        ? `${t(actionTexts[decision.action])}: ${ruleInWords(decision.rule, t)}`
        : ''}
    </p>
  );
}

function nameOf(people: readonly PersonView[], identity: string): string {
  return people.find((person) => person.identity === identity)?.name ?? identity;
}
