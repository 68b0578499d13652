/** An address that leads nowhere. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from './page-title.ts';

export function NotFoundPage() {
  const { t } = useTranslation();
  usePageTitle(t('notFound.title'));
  return (
    <main className="mx-auto grid max-w-xl gap-3 px-4 py-16">
      <h1 className="text-2xl font-semibold">{t('notFound.title')}</h1>
      <p className="text-muted">{t('notFound.explanation')}</p>
      <Link to="/" className="font-medium text-accent underline underline-offset-4">
        {t('notFound.home')}
      </Link>
    </main>
  );
}
