import { at, list, referenced, resourcesOf } from '../template.ts'
import type { LimitRule } from './limit.ts'

/** A token resolves to an ARN or an id: counted as this many characters, about the longest that occurs here. */
const tokenCharacters = 100

/** Length of a document as AWS counts it: no white space, tokens estimated. */
export function documentCharacters(document: unknown): number {
  if (typeof document === 'string') return document.length
  return JSON.stringify(resolveTokens(document)).length
}

function resolveTokens(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolveTokens)
  if (value === null || typeof value !== 'object') return value
  const join = at(value, 'Fn::Join') as [string, unknown[]] | undefined
  if (join) return join[1].map((piece) => resolveTokens(piece)).join(join[0])
  const keys = Object.keys(value)
  if (keys.length === 1 && (keys[0] === 'Ref' || keys[0]!.startsWith('Fn::')))
    return at(value, 'Ref') === 'AWS::Partition' ? 'aws' : 'x'.repeat(tokenCharacters)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolveTokens(inner)]))
}

/** A rule for one property of one resource type that holds a document. */
const documentLimit =
  (name: string, type: string, property: string): LimitRule =>
  (stacks, limits) =>
    stacks.flatMap((stack) =>
      resourcesOf(stack.template, type).flatMap(({ logicalId, properties }) => {
        const size = properties[property] === undefined ? 0 : documentCharacters(properties[property])
        const most = limits.number(name)
        return size > most
          ? [
              limits.exceeded(
                name,
                stack,
                logicalId,
                `${property} is about ${size} characters long, AWS takes ${most}`,
                'merge statements that differ in resource only',
              ),
            ]
          : []
      }),
    )

/** Inline policies of one role count together, wherever they are written. */
const inlinePolicies: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) =>
    resourcesOf(stack.template, 'AWS::IAM::Role').flatMap(({ logicalId, properties }) => {
      const attached = resourcesOf(stack.template, 'AWS::IAM::Policy').filter((policy) =>
        list(policy.properties['Roles']).some((role) => referenced(role) === logicalId),
      )
      const documents = [
        ...list(properties['Policies']).map((policy) => at(policy, 'PolicyDocument')),
        ...attached.map((policy) => policy.properties['PolicyDocument']),
      ]
      const size = documents.map(documentCharacters).reduce((sum, one) => sum + one, 0)
      const most = limits.number('role-inline-policy-characters')
      return size > most
        ? [
            limits.exceeded(
              'role-inline-policy-characters',
              stack,
              logicalId,
              `the role's inline policies are about ${size} characters long, AWS takes ${most}`,
              'merge statements or use a managed policy',
            ),
          ]
        : []
    }),
  )

/** How long documents and values may be. */
export const policySizeRules: readonly LimitRule[] = [
  documentLimit('managed-policy-characters', 'AWS::IAM::ManagedPolicy', 'PolicyDocument'),
  documentLimit('role-trust-policy-characters', 'AWS::IAM::Role', 'AssumeRolePolicyDocument'),
  documentLimit('bucket-policy-bytes', 'AWS::S3::BucketPolicy', 'PolicyDocument'),
  documentLimit('key-policy-bytes', 'AWS::KMS::Key', 'KeyPolicy'),
  documentLimit('topic-policy-bytes', 'AWS::SNS::TopicPolicy', 'PolicyDocument'),
  documentLimit('lambda-environment-bytes', 'AWS::Lambda::Function', 'Environment'),
  documentLimit('parameter-value-characters', 'AWS::SSM::Parameter', 'Value'),
  documentLimit('log-resource-policy-characters', 'AWS::Logs::ResourcePolicy', 'PolicyDocument'),
  inlinePolicies,
]
