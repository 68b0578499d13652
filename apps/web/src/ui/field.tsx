/** Label, control, hint and error of one form field, tied together for assistive technology. */
import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';

type FieldFrameProps = {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
};

type ControlIds = {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
};

export const controlClasses =
  'w-full rounded-field border border-control bg-surface px-3.5 text-base text-ink aria-invalid:border-danger disabled:bg-raised disabled:text-muted';

function FieldFrame(props: FieldFrameProps & { readonly children: (ids: ControlIds) => ReactNode }) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const describedBy = [props.error ? errorId : '', props.hint ? hintId : ''].filter(Boolean).join(' ');
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-[0.9375rem] font-medium">
        {props.label}
      </label>
      {props.children({
        id,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
        'aria-invalid': props.error ? true : undefined,
      })}
      {props.error && (
        <p id={errorId} role="alert" className="text-sm font-medium text-danger">
          {props.error}
        </p>
      )}
      {props.hint && (
        <p id={hintId} className="text-sm text-muted">
          {props.hint}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, ...rest }: FieldFrameProps & ComponentProps<'input'>) {
  return (
    <FieldFrame label={label} hint={hint} error={error}>
      {(ids) => <input {...rest} {...ids} className={`h-11 ${controlClasses}`} />}
    </FieldFrame>
  );
}

export function TextAreaField({ label, hint, error, ...rest }: FieldFrameProps & ComponentProps<'textarea'>) {
  return (
    <FieldFrame label={label} hint={hint} error={error}>
      {(ids) => <textarea {...rest} {...ids} className={`py-2.5 leading-relaxed ${controlClasses}`} />}
    </FieldFrame>
  );
}

export function SelectField({
  label,
  hint,
  error,
  children,
  ...rest
}: FieldFrameProps & ComponentProps<'select'>) {
  return (
    <FieldFrame label={label} hint={hint} error={error}>
      {(ids) => (
        <span className="relative">
          <select {...rest} {...ids} className={`h-11 appearance-none truncate pr-10 ${controlClasses}`}>
            {children}
          </select>
          <ChevronDown
            aria-hidden="true"
            className="pointer-events-none absolute right-3 top-3.5 size-4 text-muted"
          />
        </span>
      )}
    </FieldFrame>
  );
}
