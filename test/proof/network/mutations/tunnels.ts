import type { Mutation } from './mutation.ts'
import { CONNECTION, tunnelsOf } from './weaken.ts'

/** One tunnel of a link made weaker, and how the proof calls that. */
const weaker: readonly (Pick<Mutation, 'name' | 'change'> & { readonly weakness: RegExp })[] = [
  {
    name: "AWS's default tunnel options",
    change: (templates) => {
      delete templates.properties('link-NDB', CONNECTION)['VpnTunnelOptionsSpecifications']
    },
    weakness: /tunnel 1: AWS's default options/,
  },
  {
    name: 'one tunnel specification missing',
    change: (templates) => {
      tunnelsOf(templates).pop()
    },
    weakness: /tunnel 2: AWS's default options/,
  },
  {
    name: 'a weak Diffie-Hellman group in phase 1',
    change: (templates) => {
      tunnelsOf(templates)[1]!['Phase1DHGroupNumbers'].push({ Value: 2 })
    },
    weakness: /tunnel 2: Phase1DHGroupNumbers offers 2/,
  },
  {
    name: 'group 14 in phase 2',
    change: (templates) => {
      tunnelsOf(templates)[0]!['Phase2DHGroupNumbers'] = [{ Value: 14 }]
    },
    weakness: /tunnel 1: Phase2DHGroupNumbers offers 14/,
  },
  {
    name: 'IKEv1 beside IKEv2',
    change: (templates) => {
      tunnelsOf(templates)[0]!['IKEVersions'].push({ Value: 'ikev1' })
    },
    weakness: /offers ikev1/,
  },
  {
    name: 'SHA-1',
    change: (templates) => {
      tunnelsOf(templates)[0]!['Phase1IntegrityAlgorithms'] = [{ Value: 'SHA1' }]
    },
    weakness: /offers SHA1/,
  },
  {
    name: 'AES-CBC',
    change: (templates) => {
      tunnelsOf(templates)[1]!['Phase2EncryptionAlgorithms'].push({ Value: 'AES256' })
    },
    weakness: /offers AES256/,
  },
  {
    name: 'a list of one phase left to AWS',
    change: (templates) => {
      delete tunnelsOf(templates)[1]!['Phase2EncryptionAlgorithms']
    },
    weakness: /tunnel 2: Phase2EncryptionAlgorithms is left to AWS/,
  },
]

/** A customer gateway that is not the holder's. */
const strangers: readonly Mutation[] = [
  {
    name: "a customer gateway at nobody's address",
    change: (templates) => {
      templates.properties('link-NDB', 'AWS::EC2::CustomerGateway')['IpAddress'] = '198.51.100.99'
    },
    breaks: ['complete', 'internet', 'layers'],
    shows: {
      verdict: 'internet',
      from: /desktop of P-FIRST/,
      to: /unknown peer 198\.51\.100\.99/,
      packet: /172\.20\.0\.0:5432/,
    },
  },
]

/** IPsec: what tunnels offer, and to whom. */
export const tunnels: readonly Mutation[] = [
  ...weaker.map(({ name, change, weakness }): Mutation => ({
    name,
    change,
    breaks: ['encrypted'],
    shows: { verdict: 'encrypted', from: /desktop of P-FIRST/, to: /database NDB/, packet: /:5432$/, word: weakness },
  })),
  ...strangers,
]
