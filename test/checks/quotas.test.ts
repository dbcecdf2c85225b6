import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { actionsFromNothing } from '#domain/project/provisioning/ideal.ts'
import { desired, NOW, openProject } from '../project/provisioning/world.ts'

const quotas = parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'policies', 'checks', 'quotas.yaml'), 'utf8'),
) as readonly { name: string; of: string; each: number }[]
const each = (name: string) => quotas.find((quota) => quota.name === name)?.each

test('[VIS-1] what a project needs of the quotas is what the provisioner makes for it', () => {
  const { actions } = actionsFromNothing(desired(openProject()), NOW)
  const made = (type: string) => actions.filter((action) => action.type === type).length
  expect(each('VPC security groups per Region')).toBe(made('CreateGroup'))
  expect(each('File systems per account')).toBe(made('CreateFileSystem'))
  expect(each('Mount targets per VPC')).toBe(made('CreateMountTarget'))
  expect(each('WorkSpaces')).toBe(made('CreateDesktop') / openProject().handlers.length)
})
