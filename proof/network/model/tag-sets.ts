import type { Id } from './network.ts'
import type { Resources } from './resources.ts'

type Tags = Readonly<Record<string, string>>

/** A set of interfaces by their tags. */
export interface TagSet {
  readonly id: Id
  holds(tags: Tags): boolean
}

interface ResourceQuery {
  readonly Type?: string
  readonly Query?: {
    readonly ResourceTypeFilters?: readonly string[]
    readonly TagFilters?: readonly { readonly Key: string; readonly Values?: readonly string[] }[]
  }
}

/** The firewall's sets that interfaces join by tags: resource groups, each with the tags it asks for. */
export const tagSets = (resources: Resources): TagSet[] =>
  resources.all('AWS::ResourceGroups::Group').map(({ id, properties }) => {
    const { Type, Query = {} } = (properties['ResourceQuery'] ?? {}) as ResourceQuery
    resources.only(Query, ['ResourceTypeFilters', 'TagFilters'], `${id}.ResourceQuery.Query`)
    const { ResourceTypeFilters = [], TagFilters = [] } = Query
    // A query without a tag holds every interface of the account.
    if (Type !== 'TAG_FILTERS_1_0' || TagFilters.length === 0)
      resources.gap(`${id}.ResourceQuery`, 'only a query by tags is in the model')
    const ofInterfaces = ResourceTypeFilters.some(
      (type) => type === 'AWS::EC2::NetworkInterface' || type === 'AWS::AllSupported',
    )
    const matches = (tags: Tags) =>
      TagFilters.every(({ Key, Values = [] }) => Key in tags && (Values.length === 0 || Values.includes(tags[Key]!)))
    return { id, holds: (tags) => ofInterfaces && matches(tags) }
  })
