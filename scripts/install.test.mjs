import { expect, it } from 'vitest'
import { nodeComplaint } from './install.mjs'

it.each(['18.20.4', '20.18.3', '16.0.0'])('Node %s is too old', (version) => {
  expect(nodeComplaint(version)).toBe(
    `Tandem needs Node 20.19 or newer, this is ${version}. Install it from https://nodejs.org.`,
  )
})

it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('Node %s will do', (version) => {
  expect(nodeComplaint(version)).toBeNull()
})
