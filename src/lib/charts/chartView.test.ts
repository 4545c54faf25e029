import { describe, expect, it } from 'vitest'
import { ChartView } from './chartView.svelte'

describe('ChartView', () => {
  it('follows the end of the run until zoomed', () => {
    const view = new ChartView()
    expect(view.range(100)).toEqual({ min: 0, max: 100 })
    view.show({ min: 10, max: 20 }, 100)
    expect(view.range(400)).toEqual({ min: 10, max: 20 })
    view.reset()
    expect(view.range(400)).toEqual({ min: 0, max: 400 })
  })

  it('zooms around a centre and back out to unzoomed', () => {
    const view = new ChartView()
    view.zoom(2, 100, 20)
    expect(view.range(100)).toEqual({ min: 10, max: 60 })
    view.zoom(0.5, 100, 20)
    expect(view.isZoomed).toBe(false)
  })

  it('pans without leaving the run', () => {
    const view = new ChartView()
    view.show({ min: 40, max: 60 }, 100)
    view.pan(0.5, 100)
    expect(view.range(100)).toEqual({ min: 50, max: 70 })
    view.pan(10, 100)
    expect(view.range(100)).toEqual({ min: 80, max: 100 })
    view.pan(-10, 100)
    expect(view.range(100)).toEqual({ min: 0, max: 20 })
  })

  it('does not zoom below a sliver of the run', () => {
    const view = new ChartView()
    view.show({ min: 50, max: 50 }, 100_000)
    expect(view.range(100_000)).toEqual({ min: 50, max: 51 })
  })

  it('starts unzoomed on another axis', () => {
    const view = new ChartView()
    view.show({ min: 10, max: 20 }, 100)
    view.axis = 'time'
    expect(view.isZoomed).toBe(false)
  })
})
