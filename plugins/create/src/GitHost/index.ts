export { gitHostField } from './field';
