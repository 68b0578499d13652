/** Frame of every page outside a call: brand, navigation (a bottom bar on phones), language and theme. */
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { Activity, AudioLines, MessagesSquare, Settings2 } from 'lucide-react';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { configQuery } from '../api/service-queries.ts';
import { BrandMark } from './brand.tsx';
import { followOperatorLanguage } from './language.ts';
import { Preferences } from './preferences.tsx';

const Toaster = lazy(() => import('../ui/toaster.tsx').then((module) => ({ default: module.Toaster })));

const pages = [
  { to: '/', text: 'navigation.talk', icon: AudioLines, exact: true },
  { to: '/chats', text: 'navigation.chats', icon: MessagesSquare, exact: false },
  { to: '/settings', text: 'navigation.settings', icon: Settings2, exact: false },
  { to: '/status', text: 'navigation.status', icon: Activity, exact: false },
] as const;

export function AppShell() {
  const { t } = useTranslation();
  const config = useQuery(configQuery());
  const operatorLanguage = config.data?.ui_language;
  useEffect(() => {
    if (operatorLanguage) void followOperatorLanguage(operatorLanguage);
  }, [operatorLanguage]);
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only z-30 rounded-field bg-surface px-4 py-2 focus:not-sr-only focus:fixed focus:left-4 focus:top-3"
      >
        {t('navigation.skip')}
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-page">
        <div className="mx-auto flex h-16 max-w-5xl items-center gap-2 px-4 md:gap-8">
          <Link
            to="/"
            className="flex items-center gap-2.5 rounded-field text-lg font-semibold tracking-tight"
          >
            <BrandMark />
            {config.data?.agent_name ?? 'Sophy'}
          </Link>
          <nav
            aria-label={t('navigation.label')}
            className="max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-20 max-md:border-t max-md:border-line max-md:bg-surface max-md:pb-[env(safe-area-inset-bottom)]"
          >
            <ul className="grid grid-cols-4 md:flex md:gap-1">
              {pages.map(({ to, text, icon: Icon, exact }) => (
                <li key={to}>
                  <Link
                    to={to}
                    activeOptions={{ exact, includeSearch: false }}
                    className="flex items-center justify-center gap-2 rounded-field text-muted hover:text-ink aria-[current=page]:text-accent max-md:h-15 max-md:flex-col max-md:gap-1 max-md:text-xs max-md:font-medium md:h-10 md:px-3 md:text-[0.9375rem] md:font-medium md:hover:bg-raised"
                  >
                    <Icon aria-hidden="true" className="size-5 md:size-4" />
                    {t(text)}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <div className="ml-auto">
            <Preferences />
          </div>
        </div>
      </header>
      <main id="content" className="mx-auto w-full max-w-5xl grow px-4 pb-28 pt-8 md:pb-16 md:pt-12">
        <Outlet />
      </main>
      <Suspense>
        <Toaster />
      </Suspense>
    </div>
  );
}
