/** A key that never comes back from the service: shows that it is set, takes a new one, or removes it. */
import { secretMaskSchema } from '@sophy/contracts/http-settings';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';

export function SecretField(props: {
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
  /** `{set, last4}` */
  readonly stored: unknown;
  /** What was typed; absent: unchanged; empty: to be removed. */
  readonly draft: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation();
  const mask = secretMaskSchema.safeParse(props.stored).data ?? { set: false, last4: '' };
  const isRemoved = props.draft === '';
  const state = isRemoved
    ? t('secret.removed')
    : mask.set
      ? t('secret.set', { last4: mask.last4 })
      : t('secret.notSet');
  return (
    <div className="grid gap-2">
      <TextField
        label={props.label}
        hint={`${state} ${props.hint}`}
        error={props.error}
        type="password"
        autoComplete="off"
        placeholder={mask.set && !isRemoved ? `••••••••${mask.last4}` : ''}
        value={typeof props.draft === 'string' ? props.draft : ''}
        // An emptied field means "leave it as it is"; removing has its own button. The mask says so to the service.
        onChange={(event) => props.onChange(event.target.value === '' ? mask : event.target.value)}
      />
      {mask.set && !isRemoved && (
        <Button
          tone="ghost"
          className="min-h-9 justify-self-start px-2 text-sm"
          aria-label={t('secret.removeLabel', { label: props.label })}
          onClick={() => props.onChange('')}
        >
          {t('secret.remove')}
        </Button>
      )}
    </div>
  );
}
