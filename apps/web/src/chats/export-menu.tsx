/** Downloads a chat in one of four formats. */
import { Download } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';

const formats = [
  { format: 'txt', text: 'export.txt' },
  { format: 'md', text: 'export.md' },
  { format: 'json', text: 'export.json' },
  { format: 'vtt', text: 'export.vtt' },
] as const;

export function ExportMenu({ chatId }: { readonly chatId: string }) {
  const { t } = useTranslation();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button>
          <Download aria-hidden="true" className="size-4" />
          {t('export.title')}
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={6}
          className="z-30 grid min-w-56 gap-0.5 rounded-card border border-line bg-surface p-2 shadow-card"
        >
          {formats.map(({ format, text }) => (
            <DropdownMenu.Item key={format} asChild>
              <a
                href={`/api/chats/${encodeURIComponent(chatId)}/export?format=${format}`}
                download
                className="rounded-field px-3 py-2.5 text-[0.9375rem] outline-none data-highlighted:bg-raised"
              >
                {t(text)}
              </a>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
