/*
 * GNOME Shell 3.32 (Rocky Linux 8): draws the user name and the time over every window, untouchable by the mouse
 * (VIS-2).
 */
// oxlint-disable no-unused-vars -- GNOME Shell calls init, enable and disable by their names
const { Clutter, GLib, St } = imports.gi
const Main = imports.ui.main

const REFRESH_SECONDS = 30
const COLUMNS = 3
const ROWS = 4
const STYLE = 'color: rgba(128, 128, 128, 0.28); font-size: 22px; font-weight: bold;'

let layer = null
let timer = 0
let resized = 0

function text() {
  return `${GLib.get_user_name()}  ${GLib.DateTime.new_now_local().format('%Y-%m-%d %H:%M %Z')}`
}

function draw() {
  layer.destroy_all_children()
  const { width, height } = global.stage
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const label = new St.Label({ text: text(), style: STYLE, reactive: false })
      label.set_position(Math.round((column + 0.1) * width / COLUMNS), Math.round((row + 0.4) * height / ROWS))
      label.rotation_angle_z = -20
      layer.add_actor(label)
    }
  }
  // Windows and menus that opened since then must not stand above it.
  Main.layoutManager.uiGroup.set_child_above_sibling(layer, null)
}

function init() {}

function enable() {
  layer = new Clutter.Actor({ reactive: false })
  Main.layoutManager.uiGroup.add_child(layer)
  draw()
  resized = global.stage.connect('notify::allocation', draw)
  timer = GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, REFRESH_SECONDS, () => {
    draw()
    return GLib.SOURCE_CONTINUE
  })
}

function disable() {
  GLib.source_remove(timer)
  global.stage.disconnect(resized)
  layer.destroy()
  layer = null
}
