/** Shown when a page itself failed: says so and offers to load it again. */
import { useTranslation } from 'react-i18next';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

export function CrashPage() {
  const { t } = useTranslation();
  return (
    <main className="mx-auto grid max-w-xl gap-4 px-4 py-16">
      <h1 className="text-2xl font-semibold">{t('crash.title')}</h1>
      <Banner tone="danger">{t('crash.explanation')}</Banner>
      <Button tone="primary" className="justify-self-start" onClick={() => location.reload()}>
        {t('crash.reload')}
      </Button>
    </main>
  );
}
