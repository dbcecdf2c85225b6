import { header, type KitData, type KitFile } from './kit.ts'
import { strongswanKit } from './strongswan.ts'

/** Numbers of the filters; a holder renumbers them where their own clash. */
const FIRST_FILTER = 900_000

/**
 * Why a Yamaha RTX cannot end the tunnel. Its command reference (vRX, RTX5000, RTX3510, RTX1300, RTX1220, RTX840,
 * RTX830) knows for IKEv2 AES-CBC, 3DES and DES only, and groups up to MODP-2048; as a responder it takes whatever of
 * these it is offered, whatever is configured.
 */
const YAMAHA_LIMIT =
  'A Yamaha RTX knows no AES-GCM and no group beyond MODP-2048 in IKEv2 (command reference, 15.22 and 15.24); ' +
  'both are refused by the other end (NET-2).'

/**
 * The kit for a holder with a Yamaha RTX: a strongSwan gateway ends both tunnels, and the RTX behind it routes to it
 * and filters once more. A configuration of IPsec on the RTX itself could only offer what NET-2 forbids, so none is
 * written.
 */
export function yamahaKit(data: KitData): KitFile[] {
  const {
    visiting,
    platform,
    real,
    database: { id, service },
  } = data
  const number = (index: number) => FIRST_FILTER + index
  const passed = visiting.flatMap((cidr) => [`pass ${cidr} ${real} tcp * ${service.port}`])
  const answered = visiting.flatMap((cidr) => [`pass ${real} ${cidr} established ${service.port} *`])
  const refused = platform.flatMap((cidr) => [`reject ${cidr} * * * *`, `reject * ${cidr} * * *`])
  const filters = [...passed, ...answered, ...refused, 'pass * * * * *']
  const chosen = (wanted: readonly string[]) =>
    filters.flatMap((filter, index) => (wanted.includes(filter) ? [number(index)] : [])).join(' ')
  return [
    ...strongswanKit(data).map(({ path, text }) => ({ path: `strongswan/${path}`, text })),
    {
      path: `renkei-${id.toLowerCase()}.yamaha-rtx.txt`,
      text: `${[
        header(data, 'Yamaha RTX, the router behind the strongSwan gateway', '#'),
        '#   @@GATEWAY_ADDRESS@@  address of the strongSwan gateway in the network that both share',
        '#   lan2                 the interface towards that gateway; lan1 leads to the database',
        `# ${YAMAHA_LIMIT}`,
        '# The tunnels therefore end on the strongSwan gateway (folder strongswan); ' +
          'this router never sees a packet that is not decrypted and filtered.',
        // The wider network ends nowhere; only where desktops are leads to the gateway.
        ...platform.map((cidr) => `ip route ${cidr} gateway null`),
        ...visiting.map((cidr) => `ip route ${cidr} gateway @@GATEWAY_ADDRESS@@`),
        ...filters.map((filter, index) => `ip filter ${number(index)} ${filter}`),
        `ip lan2 secure filter in ${chosen([...passed, ...refused, 'pass * * * * *'])}`,
        `ip lan2 secure filter out ${chosen([...answered, ...refused, 'pass * * * * *'])}`,
        'save',
      ].join('\n')}\n`,
    },
  ]
}
