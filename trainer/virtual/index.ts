/** The virtual trainer: the firmware's own C code as WebAssembly, with no hardware. */

export { type Actuation, type BoardChannels, VirtualBoard, type VirtualBoardOptions } from './board';
export { BoardPipe } from './board_pipe';
export { FirmwareMissingError } from './firmware';
export { generationOf, HostGeneration, type StoredSamples } from './generation';
export { MemoryFileError } from './memory_file_error';
export type { BoardState } from './messages';
export { Nvm, type NvmGeometry } from './nvm';
export { firmwarePlanner } from './planner';
export { type PtyOptions, type PtyServer, PtyUnsupportedError, servePty } from './pty';
export { ServerEndedError, serveTcp, type TcpServer, type TcpServerOptions } from './tcp_server';
export { VirtualTrainer, VirtualTrainerClosedError, type VirtualTrainerOptions } from './virtual_trainer';
export { type VirtualWireOptions, virtualWire } from './wire';
