import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { actionsFromNothing } from '../../domain/provisioning/ideal.ts'
import { desired, NOW, openProject } from '../domain/provisioning/world.ts'

const quotas = parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'policies', 'quotas.yaml'), 'utf8'),
) as readonly { name: string; of: string; each: number }[]
const each = (name: string) => quotas.find((quota) => quota.name === name)?.each

test('[VIS-1] what a project needs of the quotas is what the provisioner makes for it', () => {
  const { actions } = actionsFromNothing(desired(openProject()), NOW)
  const made = (type: string) => actions.filter((action) => action.type === type).length
  assert.equal(each('VPC security groups per Region'), made('CreateGroup'))
  assert.equal(each('File systems per account'), made('CreateFileSystem'))
  assert.equal(each('Mount targets per VPC'), made('CreateMountTarget'))
  assert.equal(each('WorkSpaces'), made('CreateDesktop') / openProject().handlers.length)
})
