/**
 * A Deployment of the service's that passes all guardrails, as `deploy/base/workload.yaml`.
 *
 * @param has.keys - of the Secret `cart`, without which its pods cannot start
 */
export function guardedWorkload(
  image: string,
  has: { annotations?: Record<string, string>; keys?: string[] } = {},
): string {
  const { annotations = {}, keys = [] } = has;
  const env = keys.map(
    key =>
      `{name: ${key}, valueFrom: {secretKeyRef: {name: cart, key: ${key}}}}`,
  );
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: cart}}
  template:
    metadata:
      labels: {app.kubernetes.io/name: cart}
      annotations: ${JSON.stringify(annotations)}
    spec:
      serviceAccountName: cart
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: cart
          image: ${image}${
    env.length > 0 ? `\n          env: [${env.join(', ')}]` : ''
  }
          ports: [{name: http, containerPort: 8080}]
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            readOnlyRootFilesystem: true
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits: {cpu: 100m, memory: 64Mi}
          readinessProbe: {httpGet: {path: /readyz, port: http}}
          livenessProbe: {httpGet: {path: /healthz, port: http}}
`;
}
