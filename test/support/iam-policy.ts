import assert from 'node:assert/strict'
import { runSimulation } from '@cloud-copilot/iam-simulate'

/** Who asks for what; `principal` is a role's ARN or a service. */
export interface Request {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly context?: Record<string, string | string[]>
  /** Tags of the asking role. */
  readonly duty?: string
}

const accountOf = (principal: string) => /^arn:aws:iam::(\d{12}):/.exec(principal)?.[1]

/**
 * Puts the ARNs and names that deployment would give into a part of a template.
 * @param arns what `Fn::GetAtt … Arn` and `Ref` of each logical id stand for
 */
export function resolve(value: any, arns: Record<string, string>): any {
  if (Array.isArray(value)) return value.map((item) => resolve(item, arns))
  if (value === null || typeof value !== 'object') return value
  if ('Fn::Join' in value) return resolve(value['Fn::Join'][1], arns).join(value['Fn::Join'][0])
  if ('Ref' in value && value.Ref === 'AWS::Partition') return 'aws'
  const id = 'Ref' in value ? value.Ref : value['Fn::GetAtt']?.[0]
  if (id !== undefined) return arns[id] ?? assert.fail(`no ARN for ${id}`)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, arns)]))
}

/**
 * What a resource policy answers to a role that may do everything by its own policies (or to a service, which has
 * none). `owner` is the account of the resource.
 */
export async function ask(
  policy: object,
  owner: string,
  { principal, action, resource, context = {}, duty }: Request,
): Promise<'allowed' | 'refused'> {
  const account = accountOf(principal)
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: owner },
        contextVariables: {
          'aws:SecureTransport': 'true',
          's3:TlsVersion': '1.3',
          ...(account ? { 'aws:PrincipalArn': principal, 'aws:PrincipalAccount': account } : {}),
          ...(duty ? { 'aws:PrincipalTag/renkei:duty': duty } : {}),
          ...context,
        },
      },
      identityPolicies: account
        ? [
            {
              name: 'everything',
              policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
            },
          ]
        : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policy,
    },
    {},
  )
  if (answer.resultType === 'error') assert.fail(`${action}: ${JSON.stringify(answer.errors)}`)
  return answer.overallResult === 'Allowed' ? 'allowed' : 'refused'
}
