/** Speaks a sentence with the voice as it is set on the page, saved or not. */
import { useMutation } from '@tanstack/react-query';
import { Volume2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { requestRaw } from '../api/request.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function VoiceTest({ values }: { readonly values: Readonly<Record<string, unknown>> }) {
  const { t } = useTranslation();
  const [sentence, setSentence] = useState(() => t('voiceTest.sentence'));
  const audio = useRef<HTMLAudioElement>(null);
  const address = useRef<string | null>(null);
  useEffect(
    () => () => {
      if (address.current !== null) URL.revokeObjectURL(address.current);
    },
    [],
  );
  const test = useMutation({
    mutationFn: async () => {
      const language = textOf(values['tts_language']);
      const response = await requestRaw('/api/tts/test', {
        method: 'POST',
        body: {
          text: sentence,
          engine: textOf(values['tts_engine']),
          voice: textOf(values['tts_voice']),
          language: language === 'auto' ? undefined : language,
          speed: values['tts_speed'],
        },
      });
      const sound = await response.blob();
      if (address.current !== null) URL.revokeObjectURL(address.current);
      address.current = URL.createObjectURL(sound);
      if (!audio.current) return;
      audio.current.src = address.current;
      await audio.current.play();
    },
  });
  return (
    <div className="grid gap-3 rounded-field bg-raised p-4">
      <TextField
        label={t('voiceTest.label')}
        maxLength={500}
        value={sentence}
        error={test.error ? errorText(test.error, t('voiceTest.failed')) : undefined}
        onChange={(event) => setSentence(event.target.value)}
      />
      <div>
        <Button disabled={sentence.trim() === '' || test.isPending} onClick={() => test.mutate()}>
          <Volume2 aria-hidden="true" className="size-4" />
          {test.isPending ? t('voiceTest.preparing') : t('voiceTest.listen')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: the spoken sentence stands in the field above. */}
      <audio ref={audio} hidden />
    </div>
  );
}

function errorText(error: Error, otherwise: string): string {
  return error instanceof ApiError && error.detail !== '' ? error.detail : otherwise;
}
