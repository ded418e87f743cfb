import { Breach, Guardrail, Subject } from './Guardrail';

/** What a container says goes before what its pod says. */
function said<K extends 'runAsNonRoot' | 'runAsUser' | 'seccompProfile'>(
  { container, pod }: Subject,
  key: K,
) {
  return container.securityContext?.[key] ?? pod.securityContext?.[key];
}

export const runAsNonRoot: Guardrail = {
  id: 'run-as-non-root',
  why: 'Whoever breaks out of a process that is root is root on the node.',
  check: subject => {
    const [nonRoot, user] = [
      said(subject, 'runAsNonRoot'),
      said(subject, 'runAsUser'),
    ];
    const breaches: Breach[] = [];
    if (nonRoot !== true) {
      breaches.push({
        found: nonRoot === false ? 'runAsNonRoot: false' : 'no runAsNonRoot',
        message: 'It may run as root.',
        fix: 'Set securityContext.runAsNonRoot to true',
      });
    }
    if (user === 0) {
      breaches.push({
        found: 'runAsUser: 0',
        message: 'It runs as root.',
        fix: 'Set securityContext.runAsUser to another user, such as 65532',
      });
    }
    return breaches;
  },
};

export const notPrivileged: Guardrail = {
  id: 'not-privileged',
  why: 'A privileged container has all the rights of its node.',
  check: ({ container }) =>
    container.securityContext?.privileged === true
      ? [
          {
            found: 'privileged: true',
            message: 'It has the rights of its node.',
            fix: 'Remove securityContext.privileged',
          },
        ]
      : [],
};

export const noEscalation: Guardrail = {
  id: 'no-privilege-escalation',
  why: 'A program with the setuid bit would become root in the container.',
  check: ({ container }) =>
    container.securityContext?.allowPrivilegeEscalation === false
      ? []
      : [
          {
            found:
              container.securityContext?.allowPrivilegeEscalation === true
                ? 'allowPrivilegeEscalation: true'
                : 'no allowPrivilegeEscalation',
            message: 'Its processes may gain rights.',
            fix: 'Set securityContext.allowPrivilegeEscalation to false',
          },
        ],
};

export const capabilities: Guardrail = {
  id: 'capabilities',
  why: 'A service that listens on a port needs none of the rights that containers get by default.',
  check: ({ container }) => {
    const { drop } = container.securityContext?.capabilities ?? {};
    return drop?.some(one => one.toUpperCase() === 'ALL')
      ? []
      : [
          {
            found: drop?.length
              ? `capabilities.drop: ${drop.join(', ')}`
              : 'no capabilities.drop',
            message: 'It keeps rights that it does not need.',
            fix: 'Set securityContext.capabilities.drop to [ALL]',
          },
        ];
  },
};

export const seccomp: Guardrail = {
  id: 'seccomp',
  why: 'Most ways out of a container lead through system calls that no service makes.',
  check: subject => {
    const type = said(subject, 'seccompProfile')?.type;
    return type === 'RuntimeDefault' || type === 'Localhost'
      ? []
      : [
          {
            found: type ? `seccompProfile: ${type}` : 'no seccompProfile',
            message: 'It may make any system call.',
            fix: 'Set securityContext.seccompProfile.type to RuntimeDefault',
          },
        ];
  },
};
