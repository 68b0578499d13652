/** Short messages that pass by themselves, in the page's colours. */
import { useTranslation } from 'react-i18next';
import { Toaster as SonnerToaster } from 'sonner';
import { useTheme } from '../app/theme.ts';

export function Toaster() {
  const { t } = useTranslation();
  const theme = useTheme();
  return (
    <SonnerToaster
      theme={theme}
      position="top-center"
      containerAriaLabel={t('ui.messages')}
      toastOptions={{
        style: {
          background: 'var(--surface)',
          color: 'var(--ink)',
          borderColor: 'var(--line)',
          fontFamily: 'var(--font-sans)',
          fontSize: '0.9375rem',
        },
      }}
    />
  );
}
