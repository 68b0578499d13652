/** Grey lines in the place of what is being loaded. */
import { useTranslation } from 'react-i18next';

export function Loading({ lines = 3 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid gap-3">
      <span className="sr-only">{t('ui.loading')}</span>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <div key={line} className="h-16 animate-pulse rounded-card bg-raised" />
      ))}
    </div>
  );
}
