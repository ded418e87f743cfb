/** The channel of the backend's signals on which open pages hear that an environment was made, changed or went. */
export const ENVIRONMENTS_CHANNEL = 'environments:changed';
