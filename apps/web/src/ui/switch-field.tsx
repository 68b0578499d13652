/** An on/off setting with its explanation. */
import { Switch } from 'radix-ui';
import { useId } from 'react';

export function SwitchField(props: {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-6">
      <div className="grid gap-0.5">
        <label htmlFor={id} className="text-[0.9375rem] font-medium">
          {props.label}
        </label>
        {props.error && (
          <p id={`${id}-error`} role="alert" className="text-sm font-medium text-danger">
            {props.error}
          </p>
        )}
        {props.hint && (
          <p id={`${id}-hint`} className="text-sm text-muted">
            {props.hint}
          </p>
        )}
      </div>
      <Switch.Root
        id={id}
        aria-describedby={props.error ? `${id}-error` : props.hint ? `${id}-hint` : undefined}
        checked={props.checked}
        onCheckedChange={props.onChange}
        className="mt-0.5 h-7 w-12 shrink-0 rounded-full border border-control bg-raised transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Switch.Thumb className="block size-5 translate-x-[3px] rounded-full bg-control transition-transform data-[state=checked]:translate-x-[23px] data-[state=checked]:bg-on-accent" />
      </Switch.Root>
    </div>
  );
}
