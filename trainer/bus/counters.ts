/** What a bus counts, per unit and for the wire. All counts start at 0 when the bus is opened. */

export interface UnitCounters {
  /** Request frames sent, retries included. */
  requests: number;
  /** Sound answers taken, exceptions included. */
  replies: number;
  /** Requests that nothing came back for. */
  timeouts: number;
  /** Answers whose check sum was wrong. */
  crcErrors: number;
  /** Answers that were cut short, from the wrong unit, or did not belong to the request. */
  frameErrors: number;
  /** Modbus exceptions received. */
  exceptions: number;
  /** Answers that came when nobody waited for them any more, or came twice; dropped. */
  lateReplies: number;
  /** Requests sent again. */
  retries: number;
  /** Requests refused without sending because the unit is known not to answer. */
  refusals: number;
}

export interface WireCounters extends UnitCounters {
  /** Connections made after the first one. */
  reconnects: number;
  /** Requests refused because the queue was full. */
  queueRefusals: number;
  /** Requests whose deadline passed before they were sent. */
  expired: number;
  /** Requests to the broadcast address. */
  broadcasts: number;
  /** Bytes received that belonged to no frame. */
  droppedBytes: number;
  /** Most requests that ever waited at once. */
  longestQueue: number;
}

export function newUnitCounters(): UnitCounters {
  return {
    requests: 0,
    replies: 0,
    timeouts: 0,
    crcErrors: 0,
    frameErrors: 0,
    exceptions: 0,
    lateReplies: 0,
    retries: 0,
    refusals: 0,
  };
}

export function newWireCounters(): WireCounters {
  return {
    ...newUnitCounters(),
    reconnects: 0,
    queueRefusals: 0,
    expired: 0,
    broadcasts: 0,
    droppedBytes: 0,
    longestQueue: 0,
  };
}
