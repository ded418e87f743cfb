export { ownerTeamField } from './field';
