import { GetManagedPrefixListEntriesCommand, type EC2Client } from '@aws-sdk/client-ec2'

/** The networks of a prefix list, ours or AWS's. */
export async function entriesOf(ec2: EC2Client, PrefixListId: string): Promise<string[]> {
  const found: string[] = []
  let NextToken: string | undefined
  do {
    const page = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, NextToken }))
    found.push(...(page.Entries ?? []).flatMap(({ Cidr }) => Cidr ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}
