export { checkGuardrails, GUARDRAILS } from './checkGuardrails';
export type { Finding, GuardrailReport } from './checkGuardrails';
export type { Guardrail } from './Guardrail';
