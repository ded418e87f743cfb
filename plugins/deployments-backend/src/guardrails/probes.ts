import { Guardrail, Subject } from './Guardrail';

/** A container that serves: not one that runs to its end, nor one that starts before the others and stays. */
function serves({ isWorkload, isInit }: Subject): boolean {
  return isWorkload && !isInit;
}

export const readinessProbe: Guardrail = {
  id: 'readiness-probe',
  why: 'Without it, requests are sent to pods that cannot answer yet, and a bad version counts as running.',
  check: subject =>
    serves(subject) && !subject.container.readinessProbe
      ? [
          {
            found: 'no readinessProbe',
            message: 'Nothing says when it can take requests.',
            fix: 'Add a readinessProbe, or set platform.myorg.com/ready-path and platform.myorg.com/port in catalog-info.yaml',
          },
        ]
      : [],
};

export const livenessProbe: Guardrail = {
  id: 'liveness-probe',
  why: 'Without it, a process that hangs is never started again.',
  check: subject =>
    serves(subject) && !subject.container.livenessProbe
      ? [
          {
            found: 'no livenessProbe',
            message: 'Nothing says that it hangs.',
            fix: 'Add a livenessProbe, or set platform.myorg.com/health-path and platform.myorg.com/port in catalog-info.yaml',
          },
        ]
      : [],
};
