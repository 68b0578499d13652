/** Everything that is seen during a call. */
import { Link as LinkIcon, MicOff, Volume2 } from 'lucide-react';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { BrandMark } from '../app/brand.tsx';
import { usePageTitle } from '../app/page-title.ts';
import { Preferences } from '../app/preferences.tsx';
import { MicrophoneTrouble } from '../join/microphone-panel.tsx';
import { Button } from '../ui/button.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { AgentCard } from './agent-card.tsx';
import { CallControls, isOwnHandRaised } from './call-controls.tsx';
import { Composer } from './composer.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { ListeningWindows } from './listening-windows.tsx';
import { PeopleList } from './people-list.tsx';
import type { RoomSession } from './room-session.ts';
import type { RoomSnapshot } from './room-snapshot.ts';
import { Transcript } from './transcript.tsx';
import { TurnTimingBar } from './turn-timing-bar.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useWakeLock } from './use-wake-lock.ts';

/** How often the page tries to come back to a room that it lost. */
const rejoinIntervalMs = 5_000;

const troubleTexts = {
  stt: 'engineTrouble.stt',
  llm: 'engineTrouble.llm',
  tts: 'engineTrouble.tts',
} as const;

type RequestProblem = 'room.stopFailed' | 'room.handFailed' | 'room.answerFailed';

/** What the page needs of a session. */
export type CallSession = Pick<
  RoomSession,
  | 'room'
  | 'intent'
  | 'subscribe'
  | 'getSnapshot'
  | 'rejoin'
  | 'setMicrophone'
  | 'sendTyped'
  | 'stopSpeaking'
  | 'answerNow'
  | 'raiseHand'
  | 'unlockAudio'
>;

export function CallView(props: { readonly session: CallSession; readonly onLeave: () => void }) {
  const { session } = props;
  const { t } = useTranslation();
  const snapshot = useSyncExternalStore(session.subscribe, session.getSnapshot);
  const { connection, microphone, agent } = snapshot;
  const { roomName } = session.intent;
  const isConnected = connection.phase === 'connected';
  usePageTitle(t('room.pageTitle', { roomName }));
  useWakeLock(isConnected);
  useReturn(session, snapshot);
  useTroubleMessages(snapshot);

  const actions = useActions(session);

  return (
    <div className="flex h-dvh flex-col">
      <header className="flex items-center gap-3 border-b border-line px-4 py-2">
        <BrandMark className="size-8 shrink-0" />
        <h1 className="min-w-0 truncate text-lg font-semibold">{roomName}</h1>
        <CopyLinkButton roomName={roomName} />
        <div className="ml-auto">
          <Preferences />
        </div>
      </header>
      <main className="flex min-h-0 grow flex-col">
        <div className="mx-auto grid w-full max-w-6xl gap-2 px-4 pt-3 empty:hidden md:px-8">
          <ConnectionBanner connection={connection} onRejoin={() => void session.rejoin()} />
          {microphone.problem && (
            <MicrophoneTrouble
              problem={microphone.problem}
              onRetry={() => void session.setMicrophone(true)}
            />
          )}
          {snapshot.isAudioBlocked && isConnected && (
            <Button tone="primary" onClick={() => void session.unlockAudio()}>
              <Volume2 aria-hidden="true" className="size-5" />
              {t('room.unlockAudio')}
            </Button>
          )}
        </div>
        <div className="mx-auto flex min-h-0 w-full max-w-6xl grow flex-col md:grid md:grid-cols-[19rem_minmax(0,1fr)]">
          <div className="flex flex-col gap-2 p-4 pb-2 max-md:pt-3 md:gap-5 md:overflow-y-auto md:py-8 md:pl-8 md:pr-0">
            <AgentCard agent={agent} isQueued={snapshot.isQueued} thoughts={snapshot} room={session.room} />
            <ListeningWindows windows={snapshot.windows} people={snapshot.people} />
            {snapshot.people.length > 0 && (
              <PeopleList snapshot={snapshot} agentName={agent?.name ?? t('agent.label')} />
            )}
            {snapshot.timing && <TurnTimingBar timing={snapshot.timing} />}
          </div>
          <div className="flex min-h-0 grow flex-col">
            <Transcript lines={snapshot.captions.lines} />
            {snapshot.isSpeakingMuted && <MutedHint />}
            <Composer
              isEnabled={isConnected}
              agentName={agent?.name ?? null}
              onSend={(text, to) => void session.sendTyped(text, to)}
            />
          </div>
        </div>
        <CallControls
          session={session}
          snapshot={snapshot}
          onToggleMicrophone={actions.toggleMicrophone}
          onToggleHand={actions.toggleHand}
          onAnswerNow={actions.answerNow}
          onStopSpeaking={actions.stopSpeaking}
          onLeave={props.onLeave}
        />
      </main>
      <Toaster />
    </div>
  );
}

/** What buttons and keys do, each only where it makes sense now; what fails is told in words. */
function useActions(session: CallSession) {
  const { t } = useTranslation();
  const actions = useMemo(() => {
    const told = (request: Promise<void>, failed: RequestProblem) => {
      request.catch((error: unknown) => {
        console.warn('The agent did not take a request', error);
        toast.error(t(failed), { id: failed });
      });
    };
    return {
      toggleMicrophone: () => {
        const { microphone, connection } = session.getSnapshot();
        if (connection.phase === 'connected' && !microphone.isChanging) {
          void session.setMicrophone(!microphone.isOn);
        }
      },
      toggleHand: () => {
        const snapshot = session.getSnapshot();
        if (snapshot.connection.phase !== 'connected' || snapshot.agent === null) return;
        told(session.raiseHand(!isOwnHandRaised(snapshot)), 'room.handFailed');
      },
      answerNow: () => {
        if (session.getSnapshot().agent?.state === 'listening')
          told(session.answerNow(), 'room.answerFailed');
      },
      stopSpeaking: () => {
        if (session.getSnapshot().agent?.state === 'speaking')
          told(session.stopSpeaking(), 'room.stopFailed');
      },
    };
  }, [session, t]);
  const shortcuts = useMemo(
    () => ({
      onStop: actions.stopSpeaking,
      letters: { m: actions.toggleMicrophone, h: actions.toggleHand, a: actions.answerNow },
    }),
    [actions],
  );
  useShortcuts(shortcuts);
  return actions;
}

function MutedHint() {
  const { t } = useTranslation();
  return (
    <p
      role="status"
      className="mx-auto mb-2 flex items-center gap-2 rounded-full bg-warning-soft px-4 py-1.5 text-sm font-medium text-warning"
    >
      <MicOff aria-hidden="true" className="size-4" />
      {t('room.youAreMuted')}
    </p>
  );
}

function CopyLinkButton({ roomName }: { readonly roomName: string }) {
  const { t } = useTranslation();
  const address = `${window.location.origin}/?room=${encodeURIComponent(roomName)}`;
  async function copy() {
    try {
      await navigator.clipboard.writeText(address);
      toast.success(t('room.linkCopied'), { id: 'link' });
    } catch (error) {
      // On a page without https there is no clipboard: the address is shown to be copied by hand.
      console.info('The clipboard cannot be used', error);
      toast.message(address, { id: 'link', duration: 15_000 });
    }
  }
  return (
    <Button tone="ghost" className="px-3" aria-label={t('room.copyLink')} onClick={() => void copy()}>
      <LinkIcon aria-hidden="true" className="size-4" />
      <span aria-hidden="true" className="max-sm:hidden">
        {t('room.copyLink')}
      </span>
    </Button>
  );
}

/** Comes back by itself when the connection was lost or the service was down for a while. */
function useReturn(session: CallSession, snapshot: RoomSnapshot): void {
  const { connection } = snapshot;
  const canReturn =
    connection.phase === 'ended' &&
    (connection.cause.type === 'lost' ||
      (connection.cause.type === 'refused' &&
        (connection.cause.problem.text === 'join.unreachable' ||
          connection.cause.problem.text === 'join.partDown')));
  useEffect(() => {
    if (!canReturn) return;
    const timer = setTimeout(() => void session.rejoin(), rejoinIntervalMs);
    return () => clearTimeout(timer);
  }, [session, canReturn]);
}

function useTroubleMessages({ trouble }: RoomSnapshot): void {
  const { t } = useTranslation();
  useEffect(() => {
    if (!trouble) return;
    const { stage, name } = trouble;
    toast.error(
      stage === 'stt' && name !== null ? t('engineTrouble.sttOf', { name }) : t(troubleTexts[stage]),
      {
        id: `trouble-${stage}-${name ?? ''}`,
      },
    );
  }, [trouble, t]);
}
