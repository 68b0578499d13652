/** Dates and times as people of the page's language write them. */

/** `isoTime` as a short date with the time of day. */
export function formatDate(isoTime: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(isoTime),
  );
}

/** `isoTime` as the time of day with seconds. */
export function formatTime(isoTime: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(new Date(isoTime));
}
