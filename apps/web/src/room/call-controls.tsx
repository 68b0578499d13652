/** Buttons of the call, with their keys: M mutes, Esc stops the agent. */
import { Mic, MicOff, OctagonX, PhoneOff, SlidersHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonClasses } from '../ui/button.tsx';
import { DeviceDialog } from './device-dialog.tsx';
import type { RoomSession } from './room-session.ts';
import type { RoomSnapshot } from './room-snapshot.ts';

export function CallControls(props: {
  readonly session: RoomSession;
  readonly snapshot: RoomSnapshot;
  readonly onToggleMicrophone: () => void;
  readonly onStopSpeaking: () => void;
  readonly onLeave: () => void;
}) {
  const { t } = useTranslation();
  const { microphone, agent, connection } = props.snapshot;
  const isConnected = connection.phase === 'connected';
  const muteText = microphone.isOn
    ? t('controls.mute')
    : microphone.isPublished
      ? t('controls.unmute')
      : t('controls.turnOnMicrophone');
  return (
    <fieldset className="flex items-stretch justify-center gap-2 border-t border-line bg-surface px-3 pb-[calc(0.625rem+env(safe-area-inset-bottom))] pt-2.5 md:gap-3">
      <legend className="sr-only">{t('controls.label')}</legend>
      <ControlButton
        text={muteText}
        shortcut="M"
        isEmphasised={!microphone.isOn}
        isDisabled={!isConnected || microphone.isChanging}
        onClick={props.onToggleMicrophone}
      >
        {microphone.isOn ? <Mic aria-hidden="true" /> : <MicOff aria-hidden="true" />}
      </ControlButton>
      <ControlButton
        text={t('controls.stopSpeaking')}
        shortcut="Escape"
        isDisabled={!isConnected || agent?.state !== 'speaking'}
        onClick={props.onStopSpeaking}
      >
        <OctagonX aria-hidden="true" />
      </ControlButton>
      <DeviceDialog
        room={props.session.room}
        trigger={
          <ControlButton text={t('controls.devices')}>
            <SlidersHorizontal aria-hidden="true" />
          </ControlButton>
        }
      />
      <ControlButton text={t('controls.leave')} isDanger onClick={props.onLeave}>
        <PhoneOff aria-hidden="true" />
      </ControlButton>
    </fieldset>
  );
}

function ControlButton({
  text,
  shortcut,
  isEmphasised = false,
  isDanger = false,
  isDisabled = false,
  children,
  ...rest
}: {
  readonly text: string;
  readonly shortcut?: 'M' | 'Escape';
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
        'min-h-14 min-w-0 flex-1 flex-col !gap-1 px-1! text-xs! leading-tight md:min-h-12 md:max-w-48 md:flex-row md:gap-2! md:px-4! md:text-[0.9375rem]! [&_svg]:size-5 [&_svg]:shrink-0',
      )}
      {...rest}
    >
      {children}
      {text}
    </button>
  );
}
