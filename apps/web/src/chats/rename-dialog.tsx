/** Gives a chat another title. */
import type { ChatResponse } from '@sophy/contracts/http-chat';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { requestRaw } from '../api/request.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';

export function RenameDialog({ chat }: { readonly chat: ChatResponse }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [title, setTitle] = useState(chat.title);
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: (newTitle: string) =>
      requestRaw(`/api/chats/${encodeURIComponent(chat.id)}`, { method: 'PATCH', body: { title: newTitle } }),
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['chat', chat.id] }),
        queryClient.invalidateQueries({ queryKey: ['chats'] }),
      ]);
      setIsOpen(false);
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (title.trim() !== '') rename.mutate(title.trim());
  }
  const error = rename.error;
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => {
        setTitle(chat.title);
        rename.reset();
        setIsOpen(open);
      }}
      title={t('chat.renameTitle')}
      trigger={
        <Button>
          <Pencil aria-hidden="true" className="size-4" />
          {t('chat.rename')}
        </Button>
      }
    >
      <form onSubmit={submit} className="grid gap-5">
        <TextField
          label={t('chat.newTitle')}
          maxLength={200}
          value={title}
          error={
            error
              ? error instanceof ApiError && error.detail
                ? error.detail
                : t('trouble.unreachable')
              : undefined
          }
          onChange={(event) => setTitle(event.target.value)}
        />
        <Button type="submit" tone="primary" disabled={title.trim() === '' || rename.isPending}>
          {t('ui.save')}
        </Button>
      </form>
    </Dialog>
  );
}
