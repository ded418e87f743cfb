import { useApi, useRouteRef } from '@backstage/core-plugin-api';
import { BreadcrumbEntry } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import {
  FieldExtensionOptions,
  scaffolderApiRef,
  SecretsContextProvider,
  useTemplateSecrets,
} from '@backstage/plugin-scaffolder-react';
import {
  formFieldsApiRef,
  useTemplateParameterSchema,
  Workflow,
} from '@backstage/plugin-scaffolder-react/alpha';
import {
  Navigate,
  Route,
  Routes,
  useLocation,
  useNavigate,
  useParams,
} from 'react-router-dom';
import useAsync from 'react-use/lib/useAsync';
import { Review } from './Review';

const FORM = /\/templates\/([^/]+)\/([^/]+)\/?$/;

/** The templates, and the form of each: with a review that people can read, where the template's form is an ordinary one. */
export function TemplatesPage({ original }: { original: JSX.Element }) {
  const { pathname } = useLocation();
  const [, namespace, name] = FORM.exec(pathname) ?? [];
  if (!name) return original;
  return (
    <FormOrOriginal
      templateRef={`template:${namespace}/${name}`}
      original={original}
    />
  );
}

function FormOrOriginal(props: { templateRef: string; original: JSX.Element }) {
  const { templateRef, original } = props;
  const { manifest } = useTemplateParameterSchema(templateRef);
  const fieldsApi = useApi(formFieldsApiRef);
  const { value: fields } = useAsync(async () => {
    const loaded: unknown[] = await fieldsApi.loadFormFields();
    return loaded.filter(isField);
  }, [fieldsApi]);

  // What decorates answers before they are sent is the original's own.
  if (!manifest || !fields || manifest.EXPERIMENTAL_formDecorators?.length) {
    return original;
  }
  return (
    <BreadcrumbEntry entry={{ label: manifest.title, href: '.' }}>
      <Routes>
        <Route
          path=":namespace/:templateName"
          element={
            <SecretsContextProvider>
              <Form fields={fields} />
            </SecretsContextProvider>
          }
        />
      </Routes>
    </BreadcrumbEntry>
  );
}

function Form({ fields }: { fields: FieldExtensionOptions[] }) {
  const { namespace = 'default', templateName = '' } = useParams();
  const scaffolder = useApi(scaffolderApiRef);
  const { secrets } = useTemplateSecrets();
  const navigate = useNavigate();
  const creation = useRouteRef(scaffolderPlugin.routes.ongoingTask);

  return (
    <Workflow
      namespace={namespace}
      templateName={templateName}
      extensions={fields}
      components={{ ReviewStateComponent: Review }}
      onError={() => <Navigate to="/create" />}
      onCreate={async values => {
        const { taskId } = await scaffolder.scaffold({
          templateRef: `template:${namespace}/${templateName}`,
          values,
          secrets,
        });
        navigate(creation?.({ taskId }) ?? `/create/tasks/${taskId}`);
      }}
    />
  );
}

/** Fields are handed out with what they are made of hidden from the types. */
function isField(field: unknown): field is FieldExtensionOptions {
  return (
    typeof field === 'object' &&
    field !== null &&
    'name' in field &&
    typeof field.name === 'string' &&
    'component' in field
  );
}
