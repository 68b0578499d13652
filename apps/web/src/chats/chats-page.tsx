/** All chats, newest first, with search. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chatsQuery } from '../api/queries.ts';
import { usePageTitle } from '../app/page-title.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { LoadProblem } from '../ui/load-problem.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHeading } from '../ui/page-heading.tsx';
import { formatDate } from './format-date.ts';

/** Typing pauses this long before the search is asked for. */
const searchDelayMs = 250;

export function ChatsPage() {
  const { t, i18n } = useTranslation();
  usePageTitle(t('chats.title'));
  const [typed, setTyped] = useState('');
  const search = useSettled(typed.trim(), searchDelayMs);
  const chats = useInfiniteQuery(chatsQuery(search));
  const rows = chats.data?.pages.flatMap((page) => page.chats) ?? [];
  return (
    <>
      <PageHeading title={t('chats.title')} explanation={t('chats.explanation')} />
      <div className="mb-6 max-w-md">
        <TextField
          type="search"
          label={t('chats.search')}
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {chats.error && <LoadProblem error={chats.error} onRetry={() => void chats.refetch()} />}
      {chats.isPending && !chats.error && <Loading />}
      {chats.isSuccess && rows.length === 0 && <NoChats search={search} />}
      {rows.length > 0 && (
        <ul className="grid gap-2" aria-label={t('chats.title')}>
          {rows.map((chat) => (
            <li key={chat.id}>
              <Link
                to="/chats/$chatId"
                params={{ chatId: chat.id }}
                className="grid gap-0.5 rounded-card border border-line bg-surface px-5 py-4 transition-colors hover:border-control"
              >
                <span className="truncate text-[1.0625rem] font-semibold">{chat.title}</span>
                <span className="flex flex-wrap gap-x-3 text-sm text-muted">
                  <span>{formatDate(chat.updated_at, i18n.language)}</span>
                  {chat.room_name !== null && <span>{t('chats.room', { roomName: chat.room_name })}</span>}
                  <span>{t('chats.messages', { count: chat.message_count })}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {chats.hasNextPage && (
        <div className="mt-6 text-center">
          <Button disabled={chats.isFetchingNextPage} onClick={() => void chats.fetchNextPage()}>
            {chats.isFetchingNextPage ? t('ui.loading') : t('chats.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function NoChats({ search }: { readonly search: string }) {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      className="grid justify-items-center gap-3 rounded-card border border-dashed border-line px-6 py-16 text-center"
    >
      <MessagesSquare aria-hidden="true" className="size-8 text-muted" />
      <p className="text-muted">{search === '' ? t('chats.none') : t('chats.noneFound', { search })}</p>
      {search === '' && (
        <Link to="/" className="font-semibold text-accent underline underline-offset-4">
          {t('chats.startOne')}
        </Link>
      )}
    </div>
  );
}

/** The value once it has not changed for `delayMs`. */
function useSettled(value: string, delayMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}
