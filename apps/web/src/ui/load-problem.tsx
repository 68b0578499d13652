/** Says in words why a page has no data, and that it tries again by itself. */
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';

export function LoadProblem(props: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  const { error } = props;
  const retry = (
    <Button className="min-h-10" onClick={props.onRetry}>
      {t('ui.tryAgain')}
    </Button>
  );
  if (error instanceof ApiError && error.kind === 'unreachable') {
    return (
      <Banner tone="danger" title={t('trouble.unreachableTitle')} actions={retry}>
        {t('trouble.unreachable')}
      </Banner>
    );
  }
  if (error instanceof ApiError && error.status === 503) {
    return (
      <Banner tone="danger" title={t('trouble.partDownTitle')} actions={retry}>
        {error.detail} {t('trouble.retrying')}
      </Banner>
    );
  }
  return (
    <Banner tone="danger" title={t('trouble.unexpectedTitle')} actions={retry}>
      {error instanceof ApiError && error.kind === 'refused' ? error.detail : t('trouble.unexpected')}
    </Banner>
  );
}
