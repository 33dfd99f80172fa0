/** A lasting connection to a trainer: state, lock, deployments that tell first what they change. */
export { Session, type SessionOptions, type SessionState } from './session';
