/** The channel of the backend's signals on which open pages hear that numbers, or what is behind them, may be others now. */
export const METRICS_CHANNEL = 'metrics:changed';
