/** Colours that stay apart for every kind of sight and in grey print; meaning is never carried by colour alone. */
export const INK = '#1a1a1a'
export const QUIET = '#5f6b76'
export const FLOW = '#0b5cad'
export const IPSEC = '#1d6b3a'
export const FIREWALL = '#a04000'
export const WARNING = '#b00020'

export const FONT = [
  "'Noto Sans JP'",
  "'Noto Sans CJK JP'",
  "'Hiragino Sans'",
  "'Yu Gothic'",
  'Meiryo',
  "'IPAexGothic'",
  'system-ui',
  'sans-serif',
].join(',')

export const WIDTH = 1600
export const TOP = 132
/** Height of a line in a list. */
export const ROW = 19
export const DATABASE_HEIGHT = 104
/** Between one database and the next. */
export const DATABASE_GAP = 16
/** Half the distance between a link's two tunnels. */
export const TUNNEL_APART = 13
export const COLUMN = {
  cell: { x: 40, width: 300 },
  hub: { x: 440, width: 380 },
  tunnel: { x: 878, width: 292 },
  database: { x: 1170, width: 390 },
} as const

/** How many names a list shows before it counts the rest. */
export const LISTED = 4
