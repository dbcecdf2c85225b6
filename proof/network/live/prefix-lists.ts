import { paginateGetManagedPrefixListEntries, type EC2Client } from '@aws-sdk/client-ec2'

/** The networks of a prefix list, ours or AWS's. */
export async function entriesOf(client: EC2Client, PrefixListId: string): Promise<string[]> {
  const found: string[] = []
  for await (const { Entries = [] } of paginateGetManagedPrefixListEntries({ client }, { PrefixListId }))
    found.push(...Entries.flatMap(({ Cidr }) => Cidr ?? []))
  return found
}
