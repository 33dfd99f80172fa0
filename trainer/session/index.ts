/** A lasting connection to a trainer: state, lock, deployments that first say what they change. */
export { writeBackup } from './backup_file';
export { type ChangeReport, changeReport, type Learned } from './change_report';
export {
  BackupNotKeptError,
  ChangeRefusedError,
  deployGuarded,
  type Guard,
  type GuardedDeployOptions,
  type GuardedDeployResult,
  reportOf,
  restoreGuarded,
} from './deploy';
export { changeLine, LineSilentError, type Reached } from './line';
export type { LinkFault } from './link_fault';
export { Session, type SessionOptions, type SessionState } from './session';
