import {
  Delivery,
  DescribedOperation,
  Operation,
  permissionsFor,
} from '@highroad/plugin-platform-common';

/** One line of the table of what can be done. */
export function describeOperation(operation: Operation): DescribedOperation {
  const { plugin, name, summary, http, access, audit, action } = operation;
  return {
    plugin,
    name,
    summary,
    method: http.method,
    path: `/api/${plugin}${http.path}`,
    permission:
      permissionsFor(operation)
        .map(one => one.name)
        .join(' and ') || undefined,
    filtered: access !== 'signed-in' && 'filtered' in access,
    event: audit === 'no-effect' ? undefined : `${plugin}.${audit.event}`,
    severity: audit === 'no-effect' ? undefined : audit.severity,
    action: action && `${plugin}:${action.name}`,
  };
}

/** The same for what another system tells. */
export function describeDelivery(delivery: Delivery): DescribedOperation {
  const { plugin, name, summary, path, signedWith, event } = delivery;
  return {
    ...{ plugin, name, summary, signedWith },
    ...{ method: 'POST', path: `/api/${plugin}${path}`, filtered: false },
    ...{ event: `${plugin}.${event}`, severity: 'high' },
  };
}
