/** Microphone part of the join form: try it, choose it, see it move, or read why it cannot be used. */
import { useQuery } from '@tanstack/react-query';
import { Mic } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { configQuery, healthQuery } from '../api/service-queries.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/field.tsx';
import { LevelMeter } from './level-meter.tsx';
import { type MicrophoneProblem, microphoneProblemTexts } from './microphone-problem.ts';
import type { MicrophonePreview } from './use-microphone-preview.ts';

export function MicrophonePanel(props: {
  readonly preview: MicrophonePreview;
  readonly onOpen: (deviceId: string | null) => void;
}) {
  const { t } = useTranslation();
  const { preview } = props;
  if (preview.state === 'problem') {
    return <MicrophoneTrouble problem={preview.problem} onRetry={() => props.onOpen(null)} />;
  }
  if (preview.state === 'live') {
    return (
      <div className="grid gap-3">
        <SelectField
          label={t('join.microphone')}
          value={preview.deviceId}
          onChange={(event) => props.onOpen(event.target.value)}
        >
          {preview.devices.map((device, index) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || t('join.unnamedMicrophone', { number: index + 1 })}
            </option>
          ))}
        </SelectField>
        <LevelMeter stream={preview.stream} />
        <p className="text-sm text-muted">{t('join.speakToTest')}</p>
      </div>
    );
  }
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-field bg-raised px-4 py-3">
      <p className="text-sm text-muted">{t('join.microphoneHint')}</p>
      <Button className="min-h-10" disabled={preview.state === 'asking'} onClick={() => props.onOpen(null)}>
        <Mic aria-hidden="true" className="size-4" />
        {preview.state === 'asking' ? t('join.asking') : t('join.tryMicrophone')}
      </Button>
    </div>
  );
}

/** One of four messages, each with what to do. */
export function MicrophoneTrouble(props: {
  readonly problem: MicrophoneProblem;
  readonly onRetry: () => void;
}) {
  const { t } = useTranslation();
  const texts = microphoneProblemTexts[props.problem];
  const isInsecure = props.problem === 'insecure-origin';
  return (
    <Banner
      tone="warning"
      title={t(texts.title)}
      actions={
        isInsecure ? (
          <SecurePageLink />
        ) : (
          <Button className="min-h-10" onClick={props.onRetry}>
            {t('ui.tryAgain')}
          </Button>
        )
      }
    >
      {t(texts.advice)}
    </Banner>
  );
}

/** Port of the https page unless the service names another. */
const defaultHttpsPort = 8443;

function SecurePageLink() {
  const { t } = useTranslation();
  const health = useQuery(healthQuery());
  const config = useQuery(configQuery());
  if (health.data?.https !== true) return <span className="text-sm text-ink">{t('microphone.noHttps')}</span>;
  const address = new URL(window.location.href);
  address.protocol = 'https:';
  address.port = String(config.data?.https_port ?? defaultHttpsPort);
  return (
    <a href={address.href} className="font-semibold text-ink underline underline-offset-4">
      {t('microphone.openSecure', { address: address.origin })}
    </a>
  );
}
