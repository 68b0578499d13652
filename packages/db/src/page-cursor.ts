/** Where a page of a list by time ends. */
export type PageCursor = {
  /** Microseconds since 1970 as Postgres keeps them: a Date would lose three digits and skip rows. */
  readonly micros: string;
  readonly id: string;
};
