/**
 * Version of the rules by which facts follow from what was told. With each change of what is made of the same events it is raised by one:
 * facts of rules of before are then computed anew by themselves.
 */
export const RULES = 2;
