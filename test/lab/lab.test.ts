import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { runLab, type LabReport } from '../../lab/run.ts'
import type { Agreement } from '../../lab/trials/agreement.ts'
import { lacks } from '../../lab/world/prerequisites.ts'

/** BGP hold time of AWS's ends here: shorter than AWS's 30 s, long enough for a busy machine. */
const HOLD_SECONDS = 6

let report: Promise<LabReport> | undefined
const asked = new Set<string>()

/** The twin runs once for all tests of this file; on a machine that lacks something it is skipped loudly, never in CI. */
async function trial(context: TestContext, id: string): Promise<void> {
  asked.add(id)
  const missing = lacks()
  if (missing.length > 0 && process.env.CI !== 'true') {
    context.diagnostic(
      `NOT RUN: the packet twin needs ${missing.map(({ what, next }) => `${what} (${next})`).join('; ')}`,
    )
    return
  }
  report ??= runLab({ holdSeconds: HOLD_SECONDS })
  const found = (await report).trials.find((each) => each.id === id)
  assert.ok(found, `no trial ${id}`)
  assert.ok(found.ok, `${found.title}: ${found.found}\n${JSON.stringify(found.details, null, 2).slice(0, 3000)}`)
  context.diagnostic(found.found)
}

const limit = { timeout: 400_000 }
test('[NET-1] [C-2] an SQL query goes through the tunnel from every granted desktop', limit, (t) => trial(t, 'sql'))
test('[NET-2] [PDB-3] [C-3] the wire shows ESP and IKE only, never a clear byte', limit, (t) => trial(t, 'wire'))
test(
  '[ARC-3] [NET-4] [NET-5] [C-1] [C-2] intent, proof and packets give the same answer to every question',
  limit,
  (t) => trial(t, 'agreement'),
)
test('[NET-2] [C-3] nothing clear is on the wire while every machine tries every other', limit, (t) =>
  trial(t, 'wire-matrix'),
)
test('[C-2] [C-9] without security groups the firewall alone refuses what no grant allows', limit, (t) =>
  trial(t, 'firewall-alone'),
)
test('[C-2] [C-9] without firewall rules the security groups alone refuse what no grant allows', limit, (t) =>
  trial(t, 'groups-alone'),
)
test('[NET-1] [C-1] a gateway that filters nothing reaches no desktop and no other database', limit, (t) =>
  trial(t, 'hostile-holder'),
)
test("[NET-2] [C-3] AWS's end as the template has it refuses every weaker peer", limit, (t) => trial(t, 'weaker-AWS'))
test("[NET-2] AWS's end refuses a wrong key exchange when keys are renewed", limit, (t) => trial(t, 'rekey-AWS'))
test('[NET-2] [C-3] the gateway as its kit has it refuses every weaker peer', limit, (t) => trial(t, 'weaker-gat'))
test('[NET-2] the gateway refuses a wrong key exchange when keys are renewed', limit, (t) => trial(t, 'rekey-gat'))
test('[C-2] revoking a grant takes a flow away while it runs', limit, (t) => trial(t, 'revoke'))
test('[C-2] blocking a desktop cuts off what runs', limit, (t) => trial(t, 'block'))
test('[NET-1] [C-3] with one tunnel cut, queries go on and nothing is lost or doubled', limit, (t) =>
  trial(t, 'one-tunnel'),
)
test(
  '[PDB-3] [C-3] with both tunnels cut, queries fail, nothing leaves in clear, and all comes back by itself',
  limit,
  (t) => trial(t, 'both-tunnels'),
)
test('[C-3] [C-9] blackhole routes and filters hold alone; without both it leaks', limit, (t) =>
  trial(t, 'fail-closed'),
)

test('every trial of the lab is a test', limit, async (t) => {
  if (lacks().length > 0 && process.env.CI !== 'true') return t.diagnostic('NOT RUN: see above')
  assert.deepEqual((await report!).trials.map(({ id }) => id).toSorted(), [...asked].toSorted())
})

test('[C-2] a template that grants too much is noticed by packets and proof alike', limit, async (t) => {
  if (lacks().length > 0 && process.env.CI !== 'true') return t.diagnostic('NOT RUN: see above')
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
  const { disagreements } = weakened.trials.find(({ id }) => id === 'agreement')!.details as Agreement
  assert.ok(disagreements.length > 0)
  for (const { flow, intent, proof, packets } of disagreements) {
    assert.match(flow, /^p-first-\d → (db|near)-DPC 172\.20\.0\.\d+ tcp\/5432$/)
    assert.deepEqual([intent, proof, packets], [false, true, 'open'])
  }
})
