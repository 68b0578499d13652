/** Picture of the agent: one figure, four states, moved by `--level` (0 to 1) while it speaks. */
import type { AgentState } from '@sophy/contracts/room-messages';
import type { RefObject } from 'react';

export type FigureState = AgentState | 'absent';

const halos: Readonly<Record<FigureState, string>> = {
  absent: 'bg-raised',
  initializing: 'bg-raised animate-[breathe_1.8s_ease-in-out_infinite]',
  listening: 'bg-accent-soft animate-[breathe_4s_ease-in-out_infinite]',
  thinking: 'bg-accent-soft',
  speaking: 'bg-accent-soft scale-[calc(1+var(--level,0)*0.14)]',
};

const cores: Readonly<Record<FigureState, string>> = {
  absent: 'border-2 border-dashed border-control bg-transparent',
  initializing: 'bg-control',
  listening: 'bg-accent',
  thinking: 'bg-accent',
  speaking: 'bg-accent',
};

/** Each bar's share of the level: the middle ones move most. */
const bars = [0.45, 1, 0.75, 0.4];

/** Decorative: the state is always written beside it. `levelRef` receives `--level` from the caller. */
export function AgentFigure(props: {
  readonly state: FigureState;
  readonly className?: string;
  readonly levelRef?: RefObject<HTMLDivElement | null>;
}) {
  const { state } = props;
  return (
    <div
      ref={props.levelRef}
      aria-hidden="true"
      data-state={state}
      className={`relative grid shrink-0 place-items-center ${props.className ?? 'size-24'}`}
    >
      <div className={`absolute inset-0 rounded-full ${halos[state]}`} />
      <div className={`relative grid size-[64%] place-items-center rounded-full ${cores[state]}`}>
        {state === 'thinking' ? (
          <div className="flex h-[16%] w-[46%] items-center justify-between">
            {[0, 160, 320].map((delayMs) => (
              <span
                key={delayMs}
                style={{ animationDelay: `${delayMs}ms` }}
                className="aspect-square h-full animate-[think_1.1s_ease-in-out_infinite] rounded-full bg-on-accent"
              />
            ))}
          </div>
        ) : (
          <div className="flex h-[48%] w-[46%] items-center justify-between">
            {bars.map((share) => (
              <span
                key={share}
                style={{
                  height:
                    state === 'speaking'
                      ? `calc(${25 + share * 25}% + ${share * 50}% * var(--level, 0))`
                      : `${25 + share * 50}%`,
                }}
                className={`w-[14%] rounded-full ${state === 'absent' ? 'bg-control' : 'bg-on-accent'}`}
              />
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
