import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { runLab, type LabReport } from '#lab/run.ts'
import type { Agreement } from '#lab/experiments/agreement.ts'
import { missingPrerequisites } from '#lab/sandbox/prerequisites.ts'

/** BGP hold time of AWS's ends here: shorter than AWS's 30 s, long enough for a busy machine. */
const HOLD_SECONDS = 6

let report: Promise<LabReport> | undefined

/** The twin runs once for all tests of this file. */
async function experiment(id: string): Promise<void> {
  report ??= runLab({ holdSeconds: HOLD_SECONDS })
  const found = (await report).experiments.find((each) => each.id === id)
  assert.ok(found, `no experiment ${id}`)
  assert.ok(
    found.ok,
    `${found.title}: ${found.found}
${JSON.stringify(found.details, null, 2).slice(0, 3000)}`,
  )
  console.info(found.found)
}

const missing = missingPrerequisites()
/**
 * Where the machine lacks something the twin needs, its tests are skipped and say why; continuous integration has to
 * have it.
 */
const twinTest = missing.length === 0 || process.env.CI === 'true' ? test : test.skip
if (twinTest === test.skip)
  console.warn(`the packet twin needs ${missing.map(({ what, next }) => `${what} (${next})`).join('; ')}`)

const LIMIT = 400_000
const experiments: string[] = []

/** One experiment of the twin as a test. */
function experimentTest(title: string, id: string): void {
  experiments.push(id)
  twinTest(title, () => experiment(id), LIMIT)
}

experimentTest('[NET-1] [C-2] an SQL query goes through the tunnel from every granted desktop', 'sql')
experimentTest('[NET-2] [PDB-3] [C-3] the wire shows ESP and IKE only, never a clear byte', 'wire')
experimentTest(
  '[ARC-3] [NET-4] [NET-5] [C-1] [C-2] intent, proof and packets give the same answer to every question',
  'agreement',
)
experimentTest('[NET-2] [C-3] nothing clear is on the wire while every machine tries every other', 'wire-matrix')
experimentTest('[C-2] [C-9] without security groups the firewall alone refuses what no grant allows', 'firewall-alone')
experimentTest(
  '[C-2] [C-9] without firewall rules the security groups alone refuse what no grant allows',
  'groups-alone',
)
experimentTest(
  '[NET-1] [C-1] a gateway that filters nothing reaches no desktop and no other database',
  'hostile-holder',
)
experimentTest("[NET-2] [C-3] AWS's end as the template has it refuses every weaker peer", 'weaker-AWS')
experimentTest("[NET-2] AWS's end refuses a wrong key exchange when keys are renewed", 'rekey-AWS')
experimentTest('[NET-2] [C-3] the gateway as its kit has it refuses every weaker peer', 'weaker-gat')
experimentTest('[NET-2] the gateway refuses a wrong key exchange when keys are renewed', 'rekey-gat')
experimentTest('[C-2] revoking a grant takes a flow away while it runs', 'revoke')
experimentTest('[C-2] blocking a desktop cuts off what runs', 'block')
experimentTest('[NET-1] [C-3] with one tunnel cut, queries go on and nothing is lost or doubled', 'one-tunnel')
experimentTest(
  '[PDB-3] [C-3] with both tunnels cut, queries fail, nothing leaves in clear, and all comes back by itself',
  'both-tunnels',
)
experimentTest('[C-3] [C-9] blackhole routes and filters hold alone; without both it leaks', 'fail-closed')

twinTest(
  'every experiment of the lab is a test',
  async () => {
    expect((await report!).experiments.map(({ id }) => id).toSorted()).toEqual(experiments.toSorted())
  },
  LIMIT,
)

twinTest(
  '[C-2] a template that grants too much is noticed by packets and proof alike',
  async () => {
    await report
    const weakened = await runLab({
      holdSeconds: HOLD_SECONDS,
      weaken: (templates) => {
        const prefixList = templates.get('link-NDB')!.Resources['PrefixList']!.Properties!
        prefixList.Entries[0].Cidr = '172.20.0.0/27'
        for (const { Type, Properties } of Object.values(templates.get('hub')!.Resources)) {
          const source = Type === 'AWS::NetworkFirewall::RuleGroup' ? Properties!.RuleGroup.RulesSource : undefined
          if (source)
            source.RulesString = source.RulesString.replace(
              'pass tcp @GRANTED_NDB any -> 172.20.0.0/28',
              'pass tcp @GRANTED_NDB any -> 172.20.0.0/27',
            )
        }
      },
    })
    const { disagreements } = weakened.experiments.find(({ id }) => id === 'agreement')!.details as Agreement
    assert.ok(disagreements.length > 0)
    for (const { flow, intent, proof, packets } of disagreements) {
      expect(flow).toMatch(/^p-first-\d → (db|near)-DPC 172\.20\.0\.\d+ tcp\/5432$/)
      expect([intent, proof, packets]).toEqual([false, true, 'open'])
    }
  },
  LIMIT,
)
