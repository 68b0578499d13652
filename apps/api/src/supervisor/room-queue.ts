/** Work on rooms: one at a time for each room, at most so many at once, nothing waiting twice for the same room. */

export type RoomQueue = {
  /** Runs the work for this room, after the one under way; asked again while it waits, it still runs once. */
  add(roomName: string): void;
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>;
};

/** `work` must not reject: what goes wrong with a room is its own matter. */
export function createRoomQueue(concurrency: number, work: (roomName: string) => Promise<void>): RoomQueue {
  const waiting = new Set<string>();
  const running = new Map<string, Promise<void>>();

  const startMore = () => {
    for (const roomName of waiting) {
      if (running.size >= concurrency) return;
      if (running.has(roomName)) continue;
      waiting.delete(roomName);
      const run = work(roomName).finally(() => {
        running.delete(roomName);
        startMore();
      });
      running.set(roomName, run);
    }
  };

  return {
    add(roomName) {
      waiting.add(roomName);
      startMore();
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
