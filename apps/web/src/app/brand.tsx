/** The product's mark: a voice in a rounded square. */

export function BrandMark({ className = 'size-8' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="10" className="fill-accent" />
      <g className="stroke-on-accent" strokeWidth="2.6" strokeLinecap="round">
        <path d="M9 14v4" />
        <path d="M13.7 10v12" />
        <path d="M18.3 12.5v7" />
        <path d="M23 14.5v3" />
      </g>
    </svg>
  );
}
