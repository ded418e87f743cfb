export { checkGuardrails, GUARDRAILS } from './checkGuardrails';
export type { Deviation, Finding, GuardrailReport } from './checkGuardrails';
export type { Guardrail } from './Guardrail';
