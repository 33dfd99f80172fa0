export { BoardPipe } from '../../trainer/virtual';
