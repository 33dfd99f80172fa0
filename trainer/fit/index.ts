/** Which sparse scheme of a network fits a board at the least loss. */
export { type Candidate, type Fit, type FitOptions, fitScheme, type Sensitivity } from './fit';
export { type FitData, FitError, type Outcome } from './run';
export { type Part, type Scheme, withScheme } from './scheme';
