/** Who is in a room, as LiveKit listed it after the call's record was read. */

export type RoomObservation = {
  /** People, by browser or telephone. */
  readonly humanCount: number;
  /** Identities of every participant of kind agent; those that are not ours are left alone. */
  readonly agentIdentities: readonly string[];
  /**
   * Since when heartbeats could reach the database (Unix ms of the database's clock). A lease cannot be renewed while
   * the database is away, so it does not count as run out until workers had time to renew it.
   */
  readonly heartbeatsPossibleSinceMs: number;
  /** Epochs whose job a living worker says it has: such an agent is on its way, however long its process takes to start. */
  readonly startingEpochs: readonly number[];
};
