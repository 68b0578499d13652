/** Asks for the operator's password before chats and settings. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/api-error.ts';
import { requestRaw } from '../api/request.ts';
import { usePageTitle } from '../app/page-title.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';

const route = getRouteApi('/shell/login');

export function LoginPage() {
  const { t } = useTranslation();
  usePageTitle(t('login.title'));
  const { next } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => requestRaw('/api/login', { method: 'POST', body: { password } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      router.history.push(next ?? '/chats');
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (password !== '') login.mutate();
  }
  return (
    <form
      onSubmit={submit}
      className="mx-auto grid max-w-sm gap-5 rounded-card border border-line bg-surface p-6 shadow-card md:p-8"
    >
      <div className="grid gap-1">
        <h1 className="text-2xl font-semibold">{t('login.title')}</h1>
        <p className="text-muted">{t('login.explanation')}</p>
      </div>
      <TextField
        type="password"
        label={t('login.password')}
        autoComplete="current-password"
        maxLength={200}
        value={password}
        error={login.error ? loginErrorText(login.error, t) : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" tone="primary" disabled={password === '' || login.isPending}>
        {t('login.logIn')}
      </Button>
    </form>
  );
}

function loginErrorText(error: Error, t: ReturnType<typeof useTranslation>['t']): string {
  if (!(error instanceof ApiError)) return t('trouble.unexpected');
  if (error.kind === 'unreachable') return t('trouble.unreachable');
  if (error.status === 401 || error.status === 403) return t('login.wrong');
  return error.detail;
}
