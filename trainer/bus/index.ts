/** The bus: everything that travels between this process and the units on one wire. */
export { Bus } from './bus';
export type { BusEvents, BusState, BusStatus, RequestOptions, StateEvent, TrafficEvent } from './contract';
export type { UnitCounters, WireCounters } from './counters';
export { crc16, hasValidCrc, sealFrame } from './crc16';
export * from './errors';
export {
  FUNCTIONS,
  type FunctionCode,
  type FunctionFacts,
  functionFacts,
  requestPduLength,
} from './functions';
export {
  type LineSettings,
  lineText,
  MODBUS_LINE,
  nearestRate,
  type Parity,
  parseLine,
  sameLine,
  USUAL_RATES,
} from './line_settings';
export {
  type BusOptions,
  type BusTuning,
  planWire,
  type SerialWire,
  type TcpWire,
  type VirtualWire,
} from './options';
export { portError, untilPortOpens } from './port_check';
export { PRIORITIES, type Priority } from './queue';
export { BusHandle, openBus } from './registry';
export * from './requests';
export { type FoundPort, serialPorts } from './serial_ports';
export type { PipeFactory, RtuPipe } from './transports/pipe';
export { characterTimeMs, loadSerialport } from './transports/serial';
export { reasonOf } from './transports/transport';
export type { UnitStatus } from './unit_health';
