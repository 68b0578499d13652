/** Says on the first page when a call cannot work now, and goes away by itself when it can. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { statusQuery } from '../api/service-queries.ts';
import { Banner } from '../ui/banner.tsx';

export function ServiceNotice() {
  const { t } = useTranslation();
  const status = useQuery(statusQuery());
  if (status.error instanceof ApiError && status.error.kind === 'unreachable') {
    return (
      <Banner tone="danger" title={t('trouble.unreachableTitle')}>
        {t('trouble.unreachable')}
      </Banner>
    );
  }
  const parts = status.data;
  if (!parts) return null;
  if (!parts.livekit.available || !parts.database.available) {
    const part = parts.livekit.available ? parts.database : parts.livekit;
    return (
      <Banner tone="danger" title={t('trouble.partDownTitle')}>
        {part.message} {t('trouble.retrying')}
      </Banner>
    );
  }
  const silent = [parts.agent, parts.llm, parts.tts, parts.whisper].find((part) => !part.available);
  if (!silent) return null;
  return (
    <Banner tone="warning" title={t('trouble.agentDownTitle')}>
      {silent.message} {t('trouble.agentDown')}
    </Banner>
  );
}
