/** The files of the shipped models: addresses and figures. Loaded only when somebody asks for them. */
import type { PresetFigures } from '../../cli/presetFiles'

/** Files of one preset by the name that they have in its folder. */
export interface PresetFileUrls {
  readonly 'model.onnx': string
  readonly 'train-step.onnx': string
  readonly 'reference.json': string
}

const urls = import.meta.glob<string>('../../../models/*/{model.onnx,train-step.onnx,reference.json}', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
})

const figures = import.meta.glob<PresetFigures>('../../../models/*/figures.json', {
  import: 'default',
  eager: true,
})

function entry<T>(entries: Readonly<Record<string, T>>, preset: string, file: string): T {
  const found = entries[`../../../models/${preset}/${file}`]
  if (found === undefined)
    throw new Error(`models/${preset}: expected ${file}, got none. Run npm run models.`)
  return found
}

/** Addresses of a preset's files. */
export function urlsOf(preset: string): PresetFileUrls {
  const url = (file: keyof PresetFileUrls) => entry(urls, preset, file)
  return {
    'model.onnx': url('model.onnx'),
    'train-step.onnx': url('train-step.onnx'),
    'reference.json': url('reference.json'),
  }
}

/** Sizes, nodes and results of a preset's files. */
export function figuresOf(preset: string): PresetFigures {
  return entry(figures, preset, 'figures.json')
}
