/** What went wrong when a seat was asked for, as the person should read it. */
import { ApiError } from '../api/api-error.ts';

export type JoinProblem =
  | { readonly at: 'name'; readonly text: 'join.nameTaken' }
  | {
      readonly at: 'form';
      readonly text:
        | 'join.unreachable'
        | 'join.partDown'
        | 'join.allBusy'
        | 'join.tooMany'
        | 'join.refused'
        | 'join.unexpected';
      /** The service's own sentence; empty where there is none. */
      readonly detail: string;
    };

export function joinProblemOf(error: unknown): JoinProblem {
  if (!(error instanceof ApiError)) return { at: 'form', text: 'join.unexpected', detail: '' };
  if (error.kind === 'unreachable') return { at: 'form', text: 'join.unreachable', detail: '' };
  if (error.kind === 'malformed') return { at: 'form', text: 'join.unexpected', detail: '' };
  if (error.status === 409) return { at: 'name', text: 'join.nameTaken' };
  if (error.code === 'fleet-full') return { at: 'form', text: 'join.allBusy', detail: '' };
  if (error.status === 503) return { at: 'form', text: 'join.partDown', detail: error.detail };
  if (error.status === 429) return { at: 'form', text: 'join.tooMany', detail: error.detail };
  return { at: 'form', text: 'join.refused', detail: error.detail };
}
