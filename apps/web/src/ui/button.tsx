/** The one button, in five tones. */
import type { ComponentProps } from 'react';

export type ButtonTone = 'primary' | 'quiet' | 'ghost' | 'danger' | 'danger-soft';

const tones: Readonly<Record<ButtonTone, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'border border-line bg-surface text-ink hover:bg-raised',
  ghost: 'text-ink hover:bg-raised',
  'danger-soft': 'bg-danger-soft text-danger hover:brightness-97',
  danger: 'bg-danger text-on-danger hover:brightness-95',
};

/** Classes of a button, for links that look like one. */
export function buttonClasses(tone: ButtonTone, className = ''): string {
  return `inline-flex min-h-11 items-center justify-center gap-2 rounded-field px-4 text-[0.9375rem] font-semibold transition-colors disabled:cursor-not-allowed disabled:border disabled:border-line disabled:bg-raised disabled:text-muted aria-disabled:cursor-not-allowed ${tones[tone]} ${className}`;
}

export function Button({
  tone = 'quiet',
  className = '',
  type = 'button',
  ...rest
}: ComponentProps<'button'> & { tone?: ButtonTone }) {
  return <button type={type} className={buttonClasses(tone, className)} {...rest} />;
}
