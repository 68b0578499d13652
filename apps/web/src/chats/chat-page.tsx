/** One chat: who said what, and what can be done with it. */
import type { ChatMessage, ChatResponse } from '@sophy/contracts/http-chat';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, AudioLines, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { ApiError } from '../api/api-error.ts';
import { chatQuery } from '../api/queries.ts';
import { requestRaw } from '../api/request.ts';
import { configQuery } from '../api/service-queries.ts';
import { usePageTitle } from '../app/page-title.ts';
import { Banner } from '../ui/banner.tsx';
import { Button, buttonClasses } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { LoadProblem } from '../ui/load-problem.tsx';
import { Loading } from '../ui/loading.tsx';
import { ExportMenu } from './export-menu.tsx';
import { formatDate, formatTime } from './format-date.ts';
import { RenameDialog } from './rename-dialog.tsx';

const route = getRouteApi('/shell/chats/$chatId');

export function ChatPage() {
  const { t } = useTranslation();
  const { chatId } = route.useParams();
  const chat = useQuery(chatQuery(chatId));
  usePageTitle(chat.data?.title ?? t('chats.title'));
  const isMissing =
    chat.error instanceof ApiError &&
    (chat.error.status === 404 || chat.error.status === 422 || chat.error.status === 400);
  return (
    <div className="mx-auto max-w-3xl">
      <Link
        to="/chats"
        className="mb-4 inline-flex items-center gap-1.5 rounded-field text-sm font-medium text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" className="size-4" />
        {t('chat.back')}
      </Link>
      {chat.isPending && <Loading />}
      {isMissing && (
        <Banner tone="warning" title={t('chat.missingTitle')}>
          {t('chat.missing')}
        </Banner>
      )}
      {chat.error && !isMissing && <LoadProblem error={chat.error} onRetry={() => void chat.refetch()} />}
      {chat.data && <OpenChat chat={chat.data} />}
    </div>
  );
}

function OpenChat({ chat }: { readonly chat: ChatResponse }) {
  const { t, i18n } = useTranslation();
  const config = useQuery(configQuery());
  const agentName = config.data?.agent_name ?? 'Sophy';
  return (
    <>
      <h1 className="text-3xl font-semibold">{chat.title}</h1>
      <p className="mt-1 text-sm text-muted">
        {formatDate(chat.created_at, i18n.language)}
        {chat.room_name !== null && ` · ${t('chats.room', { roomName: chat.room_name })}`}
      </p>
      <div className="mb-8 mt-5 flex flex-wrap gap-2">
        {chat.room_name !== null && (
          <Link to="/" search={{ room: chat.room_name }} className={buttonClasses('primary')}>
            <AudioLines aria-hidden="true" className="size-4" />
            {t('chat.continue')}
          </Link>
        )}
        <ExportMenu chatId={chat.id} />
        <RenameDialog chat={chat} />
        <DeleteButton chat={chat} />
      </div>
      {chat.messages.length === 0 && <p className="text-muted">{t('chat.empty')}</p>}
      <ol className="grid gap-6" aria-label={t('chat.messages')}>
        {chat.messages.map((message) => (
          <Message key={message.id} message={message} agentName={agentName} />
        ))}
      </ol>
    </>
  );
}

function Message({ message, agentName }: { readonly message: ChatMessage; readonly agentName: string }) {
  const { t, i18n } = useTranslation();
  const isAgent = message.role === 'assistant';
  const name = isAgent
    ? agentName
    : (message.speaker ?? t(message.role === 'system' ? 'chat.system' : 'chat.somebody'));
  return (
    <li className={`grid gap-0.5 ${isAgent ? 'border-l-2 border-accent pl-4' : 'pl-4.5'}`}>
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className={`font-semibold ${isAgent ? 'text-accent' : ''}`}>{name}</span>
        <time dateTime={message.created_at} className="text-xs text-muted">
          {formatTime(message.created_at, i18n.language)}
        </time>
        {message.interrupted && (
          <span className="rounded-full bg-warning-soft px-2 text-xs font-medium leading-5 text-warning">
            {t('captions.interrupted')}
          </span>
        )}
      </p>
      <p className="whitespace-pre-wrap text-[1.0625rem] leading-relaxed">{message.content}</p>
    </li>
  );
}

function DeleteButton({ chat }: { readonly chat: ChatResponse }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => requestRaw(`/api/chats/${encodeURIComponent(chat.id)}`, { method: 'DELETE' }),
    onSuccess: async () => {
      queryClient.removeQueries({ queryKey: ['chat', chat.id] });
      await queryClient.invalidateQueries({ queryKey: ['chats'] });
      toast.success(t('chat.deleted'));
      await navigate({ to: '/chats' });
    },
    onError: (error) =>
      toast.error(error instanceof ApiError && error.detail ? error.detail : t('chat.notDeleted')),
  });
  return (
    <ConfirmDialog
      trigger={
        <Button disabled={remove.isPending}>
          <Trash2 aria-hidden="true" className="size-4" />
          {t('chat.delete')}
        </Button>
      }
      title={t('chat.deleteTitle')}
      explanation={t('chat.deleteExplanation', { title: chat.title })}
      confirmText={t('chat.deleteConfirm')}
      cancelText={t('ui.cancel')}
      onConfirm={() => remove.mutate()}
    />
  );
}
