/** Writes the files of the shipped models: `npm run models [-- NAME …]`, all of them where none is named. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPreset, presets, type Preset } from '../../models'
import { setDigitsSource } from '../lib/core/data/digits'
import { makePresetFiles, type PresetFigures } from './presetFiles'

const figuresFile = 'figures.json'

/** Trains and exports the presets of those names into `folder`, one folder each. Throws for an unknown name. */
export async function writeModels(names: readonly string[], folder: string): Promise<void> {
  setDigitsSource(() => Promise.resolve(readFileSync('static/data/digits.bin')))
  for (const { name, spec } of named(names)) {
    const start = performance.now()
    const { model, trainStep, reference, figures } = await makePresetFiles(name, spec)
    const target = join(folder, name)
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'model.onnx'), model)
    writeFileSync(join(target, 'train-step.onnx'), trainStep)
    writeFileSync(join(target, 'reference.json'), JSON.stringify(reference))
    writeFileSync(join(target, figuresFile), `${JSON.stringify(figures, null, 2)}\n`)
    console.log(`${name}: ${summary(figures)}, ${((performance.now() - start) / 1000).toFixed(1)} s`)
  }
}

function named(names: readonly string[]): readonly Preset[] {
  if (names.length === 0) return presets
  return names.map((name) => {
    const preset = findPreset(name)
    if (preset) return preset
    const known = presets.map((one) => one.name).join(', ')
    throw new Error(`models: expected ${known}, got ${name}. Name folders of models/.`)
  })
}

function summary({ nodes, bytes, steps, test }: PresetFigures): string {
  const figures = Object.entries(test).map(([tag, value]) => `${tag} ${value.toFixed(4)}`)
  const sizes = Object.entries(bytes).map(([file, size]) => `${file} ${Math.ceil(size / 1024)} kB`)
  return [`${steps} steps`, ...figures, `${nodes.model} + ${nodes.trainStep} nodes`, ...sizes].join(', ')
}
