/** Title of a page, its one-line explanation and its actions. */
import type { ReactNode } from 'react';

export function PageHeading(props: {
  readonly title: string;
  readonly explanation?: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="mb-8 flex flex-wrap items-end justify-between gap-4">
      <div className="grid gap-1">
        <h1 className="text-3xl font-semibold">{props.title}</h1>
        {props.explanation && <p className="max-w-prose text-muted">{props.explanation}</p>}
      </div>
      {props.children}
    </div>
  );
}
