/** Opens the microphone before the call so that a person can choose it and see that it hears them. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type MicrophoneProblem, microphoneProblemOf } from './microphone-problem.ts';

export type MicrophoneChoice = { readonly deviceId: string; readonly label: string };

export type MicrophonePreview =
  | { readonly state: 'idle' }
  | { readonly state: 'asking' }
  | {
      readonly state: 'live';
      readonly stream: MediaStream;
      readonly deviceId: string;
      readonly devices: readonly MicrophoneChoice[];
    }
  | { readonly state: 'problem'; readonly problem: MicrophoneProblem };

export type MicrophoneOpening =
  | { readonly ok: true; readonly deviceId: string }
  | { readonly ok: false; readonly problem: MicrophoneProblem };

async function openMicrophone(deviceId: string | null): Promise<MediaStream> {
  const audio: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  };
  if (deviceId !== null) audio.deviceId = { exact: deviceId };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    // A remembered microphone that is no longer plugged in: any other will do.
    if (deviceId !== null && error instanceof Error && error.name === 'OverconstrainedError') {
      return navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: undefined } });
    }
    throw error;
  }
}

function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** `open` never throws: it says why the microphone cannot be used. The microphone is let go on unmount. */
export function useMicrophonePreview(): {
  readonly preview: MicrophonePreview;
  readonly open: (deviceId: string | null) => Promise<MicrophoneOpening>;
  readonly close: () => void;
} {
  const [preview, setPreview] = useState<MicrophonePreview>({ state: 'idle' });
  const current = useRef<MediaStream | null>(null);
  const isMounted = useRef(true);

  const close = useCallback(() => {
    stopTracks(current.current);
    current.current = null;
    setPreview({ state: 'idle' });
  }, []);

  const open = useCallback(async (deviceId: string | null): Promise<MicrophoneOpening> => {
    setPreview({ state: 'asking' });
    stopTracks(current.current);
    current.current = null;
    try {
      const stream = await openMicrophone(deviceId);
      const devices = (await navigator.mediaDevices.enumerateDevices())
        .filter((device) => device.kind === 'audioinput' && device.deviceId !== '')
        .map((device) => ({ deviceId: device.deviceId, label: device.label }));
      const opened = stream.getAudioTracks()[0]?.getSettings().deviceId ?? '';
      if (!isMounted.current) {
        stopTracks(stream);
        return { ok: true, deviceId: opened };
      }
      current.current = stream;
      setPreview({ state: 'live', stream, deviceId: opened, devices });
      return { ok: true, deviceId: opened };
    } catch (error) {
      const problem = microphoneProblemOf(error, window.isSecureContext);
      setPreview({ state: 'problem', problem });
      return { ok: false, problem };
    }
  }, []);

  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
      stopTracks(current.current);
      current.current = null;
    };
  }, []);

  return { preview, open, close };
}
