import { z } from 'zod'
import { FORM_VERSION, formSchema } from './form.ts'

/**
 * The form as JSON Schema, for editors and for the portal (APP-1); `policies/application/form.schema.json` is this
 * text.
 */
export const formSchemaText = (): string =>
  `${JSON.stringify({ ...z.toJSONSchema(formSchema), title: `Renkei application form ${FORM_VERSION}` }, null, 2)}\n`
