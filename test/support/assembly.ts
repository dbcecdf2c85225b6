import { assemblyOf, type Template } from '#scripts/tools/assembly.ts'

export type { Assembly, Resource, Template } from '#scripts/tools/assembly.ts'

/** The demonstration environment: NDB, DPC and one private database. */
export const demoAssembly = () => assemblyOf('demo')
/** The production example: ten databases. */
export const productionAssembly = () => assemblyOf('example-production')

/** All resources of one type in a template, as `[logicalId, resource]`. */
export const resourcesOf = (template: Template, type: string) =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)
