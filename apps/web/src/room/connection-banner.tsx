/** Tells how the connection is: reconnecting, back, or over with a way to come back. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import type { Connection } from './room-snapshot.ts';

const endTexts = {
  lost: { title: 'connection.lostTitle', text: 'connection.lost' },
  refused: { title: 'connection.refusedTitle', text: 'connection.refused' },
  elsewhere: { title: 'connection.elsewhereTitle', text: 'connection.elsewhere' },
  removed: { title: 'connection.removedTitle', text: 'connection.removed' },
} as const;

export function ConnectionBanner(props: {
  readonly connection: Connection;
  readonly onRejoin: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { connection } = props;
  switch (connection.phase) {
    case 'connecting':
      return <Banner tone="info">{t('connection.connecting')}</Banner>;
    case 'reconnecting':
      return (
        <Banner tone="warning" title={t('connection.reconnectingTitle')}>
          {t('connection.reconnecting')}
        </Banner>
      );
    case 'connected':
      return connection.wasInterrupted ? <Banner tone="good">{t('connection.back')}</Banner> : null;
    case 'ended': {
      const { cause } = connection;
      const texts = endTexts[cause.type];
      return (
        <Banner
          tone="danger"
          title={t(texts.title)}
          actions={
            <Button tone="primary" className="min-h-10" onClick={props.onRejoin}>
              {t('connection.rejoin')}
            </Button>
          }
        >
          {cause.type === 'refused' ? t(cause.problem.text) : t(texts.text)}
          {cause.type === 'refused' && cause.problem.at === 'form' && ` ${cause.problem.detail}`}
        </Banner>
      );
    }
  }
}
