/** Chooses microphone and loudspeaker during the call. */
import { Room, RoomEvent, supportsAudioOutputSelection } from 'livekit-client';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField } from '../ui/field.tsx';

export function DeviceDialog(props: { readonly room: Room; readonly trigger: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Dialog trigger={props.trigger} title={t('devices.title')}>
      <DevicePicker room={props.room} kind="audioinput" label={t('devices.microphone')} />
      {supportsAudioOutputSelection() && (
        <DevicePicker room={props.room} kind="audiooutput" label={t('devices.speaker')} />
      )}
    </Dialog>
  );
}

function DevicePicker(props: {
  readonly room: Room;
  readonly kind: 'audioinput' | 'audiooutput';
  readonly label: string;
}) {
  const { t } = useTranslation();
  const { room, kind } = props;
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [active, setActive] = useState(() => room.getActiveDevice(kind) ?? 'default');
  const [hasFailed, setHasFailed] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    const list = () => {
      Room.getLocalDevices(kind, false)
        .then((found) => {
          if (isCurrent) setDevices(found);
        })
        .catch((error: unknown) => console.warn('Devices could not be listed', error));
    };
    const follow = () => setActive(room.getActiveDevice(kind) ?? 'default');
    list();
    room.on(RoomEvent.MediaDevicesChanged, list).on(RoomEvent.ActiveDeviceChanged, follow);
    return () => {
      isCurrent = false;
      room.off(RoomEvent.MediaDevicesChanged, list).off(RoomEvent.ActiveDeviceChanged, follow);
    };
  }, [room, kind]);

  async function choose(deviceId: string) {
    setHasFailed(false);
    setActive(deviceId);
    try {
      await room.switchActiveDevice(kind, deviceId);
    } catch (error) {
      console.warn('The device could not be used', error);
      setActive(room.getActiveDevice(kind) ?? 'default');
      setHasFailed(true);
    }
  }

  const named = devices.filter((device) => device.deviceId !== '');
  return (
    <SelectField
      label={props.label}
      value={named.some((device) => device.deviceId === active) ? active : (named[0]?.deviceId ?? '')}
      disabled={named.length === 0}
      error={hasFailed ? t('devices.failed') : undefined}
      onChange={(event) => void choose(event.target.value)}
    >
      {named.length === 0 && <option value="">{t('devices.none')}</option>}
      {named.map((device, index) => (
        <option key={device.deviceId} value={device.deviceId}>
          {device.label || t('devices.unnamed', { number: index + 1 })}
        </option>
      ))}
    </SelectField>
  );
}
