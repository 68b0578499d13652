/** Cursors of lists by time, as clients hold them. */
import type { PageCursor } from '@sophy/db/page-cursor';
import { HttpProblem } from './http-problem.ts';

/** Opaque to clients. */
export function encodeCursor(cursor: PageCursor): string {
  return Buffer.from(`${cursor.micros} ${cursor.id}`).toString('base64url');
}

/** Throws 422 where the text did not come from `encodeCursor`. */
export function decodeCursor(text: string): PageCursor {
  const decoded = Buffer.from(text, 'base64url').toString('latin1');
  const match = /^(\d{1,16}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(decoded);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new HttpProblem(422, 'cursor: must be the next_cursor of an earlier page');
  }
  return { micros: match[1], id: match[2] };
}
