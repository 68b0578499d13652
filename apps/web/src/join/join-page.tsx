/** First page: who you are, which room, which microphone, and in. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { configQuery } from '../api/service-queries.ts';
import { usePageTitle } from '../app/page-title.ts';
import { AgentFigure } from '../ui/agent-figure.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { isDemoBrain } from '../ui/demo-brain.ts';
import { TextField } from '../ui/field.tsx';
import { requestAdmission } from './admission.ts';
import { type JoinProblem, joinProblemOf } from './join-problem.ts';
import { MicrophonePanel } from './microphone-panel.tsx';
import { ServiceNotice } from './service-notice.tsx';
import { useMicrophonePreview } from './use-microphone-preview.ts';

const nameKey = 'sophy.name';
const roomKey = 'sophy.room';
const microphoneKey = 'sophy.microphone';
const defaultRoom = 'lobby';

const route = getRouteApi('/shell/');

export function JoinPage() {
  const { t } = useTranslation();
  usePageTitle(t('join.pageTitle'));
  const navigate = useNavigate();
  const linkedRoom = route.useSearch().room;
  const config = useQuery(configQuery());
  const [name, setName] = useState(() => localStorage.getItem(nameKey) ?? '');
  const [room, setRoom] = useState(() => linkedRoom ?? localStorage.getItem(roomKey) ?? defaultRoom);
  const [problem, setProblem] = useState<JoinProblem | null>(null);
  const [missing, setMissing] = useState<'name' | 'room' | null>(null);
  const [isJoining, setIsJoining] = useState(false);
  const { preview, open, close } = useMicrophonePreview();
  const nameInput = useRef<HTMLInputElement>(null);
  const roomInput = useRef<HTMLInputElement>(null);

  async function openMicrophone(deviceId: string | null) {
    const opening = await open(deviceId ?? localStorage.getItem(microphoneKey));
    if (opening.ok) localStorage.setItem(microphoneKey, opening.deviceId);
    return opening;
  }

  async function join(withMicrophone: boolean) {
    const participantName = name.trim();
    const roomName = room.trim();
    setMissing(participantName === '' ? 'name' : roomName === '' ? 'room' : null);
    if (participantName === '') return nameInput.current?.focus();
    if (roomName === '') return roomInput.current?.focus();
    setProblem(null);
    setIsJoining(true);
    try {
      const microphone = await chosenMicrophone(withMicrophone);
      if (microphone === 'unusable') return;
      // The seat is asked for last: it is held for a short time, and a permission question can take long.
      await requestAdmission({ roomName, participantName, microphone });
      localStorage.setItem(nameKey, participantName);
      localStorage.setItem(roomKey, roomName);
      close();
      await navigate({ to: '/room/$roomName', params: { roomName } });
    } catch (error) {
      const found = joinProblemOf(error);
      setProblem(found);
      if (found.at === 'name') nameInput.current?.focus();
    } finally {
      setIsJoining(false);
    }
  }

  async function chosenMicrophone(isWanted: boolean): Promise<{ deviceId: string } | null | 'unusable'> {
    if (!isWanted) return null;
    if (preview.state === 'live') return { deviceId: preview.deviceId };
    const opening = await openMicrophone(null);
    return opening.ok ? { deviceId: opening.deviceId } : 'unusable';
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    void join(true);
  }

  const agentName = config.data?.agent_name ?? 'Sophy';
  return (
    <div className="grid gap-6 md:grid-cols-[1fr_minmax(0,27rem)] md:gap-16 md:pt-6">
      <section className="grid content-start gap-5 max-md:gap-3">
        <AgentFigure state="listening" className="size-28 max-md:size-16" />
        <div className="grid gap-3">
          <h1 className="text-4xl font-semibold leading-[1.1] md:text-5xl">
            {t('join.title', { agentName })}
          </h1>
          <p className="max-w-[34ch] text-lg text-muted">{t('join.explanation')}</p>
        </div>
        <ul className="grid gap-3 text-[0.9375rem] text-muted max-md:hidden">
          <li className="border-l-2 border-accent pl-4">{t('join.aloneHint')}</li>
          <li className="border-l-2 border-line pl-4">{t('join.togetherHint', { agentName })}</li>
        </ul>
        {config.data && <BrainNote brain={config.data.brain} />}
      </section>
      <form
        noValidate
        onSubmit={submit}
        className="grid content-start gap-5 rounded-card border border-line bg-surface p-5 shadow-card md:p-8"
      >
        <ServiceNotice />
        <TextField
          ref={nameInput}
          label={t('join.name')}
          autoComplete="name"
          maxLength={64}
          required
          value={name}
          error={
            missing === 'name' ? t('join.nameMissing') : problem?.at === 'name' ? t(problem.text) : undefined
          }
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          ref={roomInput}
          label={t('join.room')}
          hint={t('join.roomHint')}
          autoComplete="off"
          autoCapitalize="none"
          maxLength={128}
          required
          value={room}
          error={missing === 'room' ? t('join.roomMissing') : undefined}
          onChange={(event) => setRoom(event.target.value)}
        />
        <MicrophonePanel preview={preview} onOpen={(deviceId) => void openMicrophone(deviceId)} />
        {problem?.at === 'form' && (
          <Banner tone="danger">
            {t(problem.text)} {problem.detail}
          </Banner>
        )}
        <div className="grid gap-2">
          <Button type="submit" tone="primary" className="min-h-12 text-base" disabled={isJoining}>
            {isJoining ? t('join.joining') : t('join.join')}
            {!isJoining && <ArrowRight aria-hidden="true" className="size-5" />}
          </Button>
          <Button tone="ghost" disabled={isJoining} onClick={() => void join(false)}>
            {t('join.withoutMicrophone')}
          </Button>
        </div>
      </form>
    </div>
  );
}

function BrainNote({ brain }: { readonly brain: string }) {
  const { t } = useTranslation();
  if (brain === '') return null;
  return (
    <p className="text-sm text-muted">
      {isDemoBrain(brain) ? t('brain.demoExplanation') : t('brain.is', { brain })}
    </p>
  );
}
