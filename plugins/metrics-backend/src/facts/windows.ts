/** How long before and after the onboarding of a service is looked at, in days. */
export const WINDOW_DAYS = 90;
export const WINDOW_MS = WINDOW_DAYS * 86_400_000;

/**
 * Whether something was in the time before or after an onboarding.
 *
 * @param at - ISO 8601
 * @param onboardedAt - ISO 8601
 */
export function isAround(at: string, onboardedAt: string): boolean {
  const away = Date.parse(at) - Date.parse(onboardedAt);
  return away >= -WINDOW_MS && away < WINDOW_MS;
}
