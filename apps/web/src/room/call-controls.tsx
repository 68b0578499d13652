/** Buttons of the call, with their keys: M mutes, H raises a hand, A asks for an answer, Esc stops the agent. */
import { Hand, MessageCircleReply, Mic, MicOff, OctagonX, PhoneOff, SlidersHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonClasses } from '../ui/button.tsx';
import { DeviceDialog } from './device-dialog.tsx';
import type { RoomSession } from './room-session.ts';
import type { RoomSnapshot } from './room-snapshot.ts';

export function CallControls(props: {
  readonly session: Pick<RoomSession, 'room'>;
  readonly snapshot: RoomSnapshot;
  readonly onToggleMicrophone: () => void;
  readonly onToggleHand: () => void;
  readonly onAnswerNow: () => void;
  readonly onStopSpeaking: () => void;
  readonly onLeave: () => void;
}) {
  const { t } = useTranslation();
  const { microphone, agent, connection } = props.snapshot;
  const isConnected = connection.phase === 'connected';
  const isHandRaised = isOwnHandRaised(props.snapshot);
  const muteText = microphone.isOn
    ? t('controls.mute')
    : microphone.isPublished
      ? t('controls.unmute')
      : t('controls.turnOnMicrophone');
  return (
    <fieldset className="flex items-stretch justify-center gap-1 border-t border-line bg-surface px-2 pb-[calc(0.625rem+env(safe-area-inset-bottom))] pt-2.5 md:gap-3 md:px-3">
      <legend className="sr-only">{t('controls.label')}</legend>
      <ControlButton
        text={muteText}
        shortText={t('controls.microphoneShort')}
        shortcut="M"
        isEmphasised={!microphone.isOn}
        isDisabled={!isConnected || microphone.isChanging}
        onClick={props.onToggleMicrophone}
      >
        {microphone.isOn ? <Mic aria-hidden="true" /> : <MicOff aria-hidden="true" />}
      </ControlButton>
      <ControlButton
        text={isHandRaised ? t('controls.lowerHand') : t('controls.raiseHand')}
        shortText={t('controls.handShort')}
        shortcut="H"
        isEmphasised={isHandRaised}
        isDisabled={!isConnected || agent === null}
        onClick={props.onToggleHand}
      >
        <Hand aria-hidden="true" />
      </ControlButton>
      <ControlButton
        text={t('controls.answerNow')}
        shortText={t('controls.answerShort')}
        shortcut="A"
        isDisabled={!isConnected || agent?.state !== 'listening'}
        onClick={props.onAnswerNow}
      >
        <MessageCircleReply aria-hidden="true" />
      </ControlButton>
      <ControlButton
        text={t('controls.stopSpeaking')}
        shortText={t('controls.stopShort')}
        shortcut="Escape"
        isDisabled={!isConnected || agent?.state !== 'speaking'}
        onClick={props.onStopSpeaking}
      >
        <OctagonX aria-hidden="true" />
      </ControlButton>
      <DeviceDialog
        room={props.session.room}
        trigger={
          <ControlButton text={t('controls.devices')} shortText={t('controls.devicesShort')}>
            <SlidersHorizontal aria-hidden="true" />
          </ControlButton>
        }
      />
      <ControlButton
        text={t('controls.leave')}
        shortText={t('controls.leave')}
        isDanger
        onClick={props.onLeave}
      >
        <PhoneOff aria-hidden="true" />
      </ControlButton>
    </fieldset>
  );
}

/** As the agent told everybody, not as the button was pressed. */
export function isOwnHandRaised({ people, raisedHands }: RoomSnapshot): boolean {
  return people.some((person) => person.isLocal && raisedHands.includes(person.identity));
}

/** On a phone six buttons stand in a row: each shows one word, and the whole name follows for assistive technology. */
function ControlButton({
  text,
  shortText,
  shortcut,
  isEmphasised = false,
  isDanger = false,
  isDisabled = false,
  children,
  ...rest
}: {
  readonly text: string;
  readonly shortText: string;
  readonly shortcut?: 'M' | 'H' | 'A' | 'Escape';
  readonly isEmphasised?: boolean;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
  readonly onClick?: () => void;
}) {
  const tone = isDanger ? 'danger-soft' : isEmphasised ? 'primary' : 'quiet';
  return (
    <button
      type="button"
      disabled={isDisabled}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${text} (${shortcut === 'Escape' ? 'Esc' : shortcut})` : text}
      className={buttonClasses(
        tone,
        'min-h-14 min-w-0 flex-1 flex-col gap-1! px-0.5! text-[0.6875rem]! leading-tight md:max-w-48 md:py-1.5! lg:min-h-12 md:px-3! md:text-sm! lg:flex-row lg:gap-2! lg:text-[0.9375rem]! [&_svg]:size-5 [&_svg]:shrink-0',
      )}
      {...rest}
    >
      {children}
      <span className="md:hidden">
        {shortText}
        {shortText !== text && <span className="sr-only">: {text}</span>}
      </span>
      <span className="max-md:hidden">{text}</span>
    </button>
  );
}
