/**
 * What databases of services and environments are made and rotated by: passwords that no log has, and marks that say whose
 * a role is.
 *
 * @packageDocumentation
 */
export {
  isStanding,
  type MarkedOwner,
  readRoleMark,
  ROLE_MARK,
  roleMark,
  standingOwner,
  turnMark,
} from './roleMark';
export { scramVerifier } from './scramVerifier';
