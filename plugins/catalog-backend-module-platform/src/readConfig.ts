import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  parseHttpsUrl,
  PLATFORM_PREFIX,
} from '@highroad/plugin-catalog-platform-common';
import { PlatformAnnotationsOptions } from './processor/PlatformAnnotationsProcessor';

const DEFAULT_PAGERDUTY_URL = 'https://app.pagerduty.com';

/**
 * Reads `platform.catalog` from the app's configuration.
 *
 * @throws InputError naming the setting, so that a mistake stops the start and not a later request
 */
export function readPlatformCatalogConfig(
  config: Config,
): PlatformAnnotationsOptions {
  const pagerDutyUrl =
    config.getOptionalString('platform.catalog.pagerDutyUrl') ??
    DEFAULT_PAGERDUTY_URL;
  const verdict = parseHttpsUrl(pagerDutyUrl);
  if (!verdict.ok) {
    throw new InputError(
      `platform.catalog.pagerDutyUrl ${verdict.reason}. Write an address such as https://acme.pagerduty.com.`,
    );
  }
  const alsoKnown =
    config.getOptionalStringArray('platform.catalog.annotations') ?? [];
  const foreign = alsoKnown.find(name => !name.startsWith(PLATFORM_PREFIX));
  if (foreign) {
    throw new InputError(
      `platform.catalog.annotations names ${foreign}, which does not start with ${PLATFORM_PREFIX}. Other annotations are never reported and need not be named.`,
    );
  }
  return { pagerDutyUrl, alsoKnown };
}
