/** The manifests of a service, as files of its repository. */
export function serviceFiles(
  change: Record<string, string | undefined> = {},
): Record<string, string> {
  const files: Record<string, string | undefined> = {
    'deploy/base/kustomization.yaml': `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [workload.yaml, service.yaml, account.yaml]
labels:
  - pairs: {app.kubernetes.io/name: cart}
`,
    'deploy/base/workload.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: cart}}
  template:
    metadata: {labels: {app.kubernetes.io/name: cart}}
    spec:
      serviceAccountName: cart
      containers:
        - name: cart
          image: ghcr.io/acme/cart
          ports: [{name: http, containerPort: 8080}]
`,
    'deploy/base/service.yaml': `
apiVersion: v1
kind: Service
metadata: {name: cart}
spec:
  selector: {app.kubernetes.io/name: cart}
  ports: [{name: http, port: 80, targetPort: http}]
`,
    'deploy/base/account.yaml': `
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart}
`,
    'deploy/overlays/staging/kustomization.yaml': `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../base, ../../../observability]
images: [{name: ghcr.io/acme/cart, newTag: unset}]
patches:
  - path: patch.yaml
    target: {kind: Deployment, name: cart}
`,
    'deploy/overlays/staging/patch.yaml': `
- {op: add, path: /spec/replicas, value: 2}
`,
    'observability/kustomization.yaml': `
configMapGenerator:
  - name: dashboard
    files: [cart.json=dashboard.json]
generatorOptions: {disableNameSuffixHash: true}
`,
    'observability/dashboard.json': '{"title":"cart"}\n',
    ...change,
  };
  return Object.fromEntries(
    Object.entries(files).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
