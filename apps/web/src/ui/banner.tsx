/** A message that stays on the page until its cause is gone. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export type BannerTone = 'info' | 'good' | 'warning' | 'danger';

const looks = {
  info: { box: 'bg-raised text-ink', icon: Info },
  good: { box: 'bg-accent-soft text-accent-strong', icon: CircleCheck },
  warning: { box: 'bg-warning-soft text-warning', icon: TriangleAlert },
  danger: { box: 'bg-danger-soft text-danger', icon: CircleAlert },
} as const;

export function Banner(props: {
  readonly tone: BannerTone;
  readonly title?: string;
  readonly children?: ReactNode;
  /** Buttons or links that solve it. */
  readonly actions?: ReactNode;
}) {
  const { box, icon: Icon } = looks[props.tone];
  return (
    <div
      role={props.tone === 'danger' ? 'alert' : 'status'}
      className={`flex items-start gap-3 rounded-field px-4 py-3 text-[0.9375rem] ${box}`}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
      <div className="grid min-w-0 grow gap-1">
        {props.title && <p className="font-semibold">{props.title}</p>}
        {props.children && <div className="text-ink">{props.children}</div>}
        {props.actions && <div className="mt-2 flex flex-wrap gap-2">{props.actions}</div>}
      </div>
    </div>
  );
}
