/** What is looked at in a lane's graphs: which one, at which stage, which nodes, and how far a walk through it is. */
import { formatCount } from '$lib/core/util/figures'
import type { Lane } from '$lib/state/lane.svelte'
import type {
  CompiledReport,
  GraphStage,
  Inspection,
  RecordedStep,
  ValueSummary,
} from '$lib/workers/protocol'
import { mostCalled } from './mostCalled'
import { findNodes, nodesPerLine } from './search'
import { stageChange, type StageChange } from './stageChange'
import { fromGraph, fromTape, tapeNodeId, type StepGraph, type StepNode } from './stepGraph'
import { tapeProgress, type TapeProgress } from './tapeProgress'
import { closedAtFirst, layerId, phaseId, visibleGraph, type VisibleGraph } from './visibleGraph'

/** One thing to look at: a compiled signature, or the recorded eager step. */
export interface Subject {
  readonly key: string
  readonly label: string
  readonly report: CompiledReport | null
}

const none: StepGraph = { nodes: [], sources: new Map() }
const playEveryMs = 420

/** What one graph panel shows, and what is selected, searched and closed in it. */
export class GraphExplorer {
  /** A picture, or the same as a table. */
  view = $state<'graph' | 'table'>('graph')
  #chosenKey = $state<string | null>(null)
  #stageIndex = $state<number | null>(null)
  #query = $state('')
  /** Groups that were opened or closed by hand, per graph. */
  #turned = $state.raw<ReadonlyMap<string, boolean>>(new Map())
  #selectedId = $state<string | null>(null)
  #line = $state(0)
  #inspection = $state.raw<Inspection | null>(null)
  #problem = $state<string | null>(null)
  #isBusy = $state(false)
  #cursor = $state<number | null>(null)
  #isPlaying = $state(false)
  #timer: ReturnType<typeof setInterval> | undefined
  /** The graph that the inspection belongs to. */
  #inspected: GraphStage | null = null

  constructor(
    private readonly getLane: () => Lane,
    private readonly isStatic: () => boolean,
  ) {}

  readonly subjects: readonly Subject[] = $derived.by(() => {
    const { compiled, tape } = this.getLane().run.graphs
    const reports = compiled.toReversed().map((report, index): Subject => ({
      key: `${report.function}(${report.signature}) ${String(compiled.length - index)}`,
      label: `${report.function}(${report.signature})`,
      report,
    }))
    // Newest training step first.
    const graphs = [...reports.filter(isTraining), ...reports.filter((subject) => !isTraining(subject))]
    if (!tape) return graphs
    const recorded: Subject = {
      key: 'tape',
      label: `Eager step ${formatCount(tape.step)}`,
      report: null,
    }
    return this.isStatic() ? [...graphs, recorded] : [recorded, ...graphs]
  })

  /** Shown until something is chosen: the recorded step of an eager lane, the usual training step of a static one. */
  private readonly firstSubject: Subject | null = $derived.by(() => {
    const [first = null] = this.subjects
    if (first?.key === 'tape') return first
    const { compiled, signatures } = this.getLane().run.graphs
    const usual = mostCalled(compiled, signatures)
    return this.subjects.find(({ report }) => report !== null && report === usual) ?? first
  })

  readonly subject: Subject | null = $derived(
    this.subjects.find(({ key }) => key === this.#chosenKey) ?? this.firstSubject,
  )

  readonly report: CompiledReport | null = $derived(this.subject?.report ?? null)
  readonly tape: RecordedStep | null = $derived.by(() =>
    this.subject?.key === 'tape' ? this.getLane().run.graphs.tape : null,
  )

  readonly stages: readonly GraphStage[] = $derived(this.report?.stages ?? [])
  readonly stageIndex: number = $derived(
    Math.min(this.#stageIndex ?? this.stages.length - 1, this.stages.length - 1),
  )
  readonly stage: GraphStage | null = $derived(this.stages[this.stageIndex] ?? null)

  /** What each stage changed; null for the trace. */
  readonly changes: readonly (StageChange | null)[] = $derived(
    this.stages.map(({ graph }, index) => {
      const before = this.stages[index - 1]
      return before ? stageChange(before.graph, graph) : null
    }),
  )

  readonly graph: StepGraph = $derived(
    this.tape
      ? fromTape(this.tape)
      : this.stage
        ? fromGraph(this.stage.graph, this.report?.variableNames)
        : none,
  )

  readonly closed: ReadonlySet<string> = $derived.by(() => {
    const closed = closedAtFirst(this.graph)
    for (const [id, isClosed] of this.#turned) {
      if (isClosed) closed.add(id)
      else closed.delete(id)
    }
    return closed
  })

  readonly visible: VisibleGraph = $derived(visibleGraph(this.graph, this.closed))
  readonly found: readonly string[] = $derived(findNodes(this.graph, this.#query))
  readonly selected: StepNode | null = $derived(
    this.graph.nodes.find(({ id }) => id === this.#selectedId) ?? null,
  )
  readonly lineCounts: ReadonlyMap<number, number> = $derived(nodesPerLine(this.graph))

  /** Moments of a walk: nodes of an inspected graph, or events of the tape. */
  readonly moments: number = $derived(
    this.tape ? this.tape.events.length + 1 : (this.inspection?.nodes.length ?? 0),
  )

  /** A walk is on, through something that is still there. */
  readonly isWalking: boolean = $derived(this.#cursor !== null && this.moments > 0)

  readonly progress: TapeProgress | null = $derived(
    this.tape && this.#cursor !== null ? tapeProgress(this.tape, this.#cursor) : null,
  )

  /** Values of the selected node's outputs, once the graph was run node by node. */
  readonly values: readonly ValueSummary[] = $derived.by(() => {
    const index = this.graph.nodes.findIndex(({ id }) => id === this.#selectedId)
    return this.inspection?.nodes[index] ?? []
  })

  get query(): string {
    return this.#query
  }
  set query(query: string) {
    this.#query = query
    const [first] = this.found
    if (first !== undefined) this.select(first)
  }
  get selectedId(): string | null {
    return this.#selectedId
  }
  /** Line of the program that is marked; 0 for none. */
  get line(): number {
    return this.#line
  }
  /** Values of every node, of the stage that is shown. */
  get inspection(): Inspection | null {
    return this.#inspected === this.stage ? this.#inspection : null
  }
  get problem(): string | null {
    return this.#problem
  }
  get isBusy(): boolean {
    return this.#isBusy
  }
  get cursor(): number | null {
    return this.#cursor
  }
  get isPlaying(): boolean {
    return this.#isPlaying
  }

  choose(key: string): void {
    this.#chosenKey = key
    this.#stageIndex = null
    this.#forget()
  }

  showStage(index: number): void {
    this.#stageIndex = index >= this.stages.length - 1 ? null : Math.max(0, index)
    this.endWalk()
  }

  /** Opens or closes a group. */
  turn(groupId: string): void {
    this.#turned = new Map(this.#turned).set(groupId, !this.closed.has(groupId))
  }

  /** Opens or closes the group that the selected node lies in: its layer if it has one. */
  turnSelected(): void {
    if (!this.selected) return
    const { id, phase, layer } = this.selected
    const shownIn = this.visible.boxOf.get(id)
    if (shownIn !== undefined && shownIn !== id) this.turn(shownIn)
    else this.turn(layer === '' ? phaseId(phase) : layerId(phase, layer))
  }

  select(id: string | null): void {
    // Who looks at a graph keeps it when another one is traced.
    this.#chosenKey ??= this.subject?.key ?? null
    this.#selectedId = id
    this.#line = this.selected?.line ?? 0
  }

  /** Marks the nodes of a line of the program and selects the first. */
  selectLine(line: number): void {
    this.query = `line ${String(line)}`
    this.#line = line
  }

  /** The next or previous node in order of execution. */
  move(by: number): void {
    const { nodes } = this.graph
    const at = nodes.findIndex(({ id }) => id === this.#selectedId)
    const next = nodes[Math.min(nodes.length - 1, Math.max(0, at + by))]
    if (next) this.select(next.id)
  }

  /** Runs the shown graph node by node in the worker, on the last batch and the weights as they are now. */
  async stepThrough(): Promise<void> {
    const { report, stage } = this
    if (!report || !stage) return
    this.#isBusy = true
    this.#problem = null
    try {
      this.#inspection = await this.getLane().questions.inspect({
        function: report.function,
        signature: report.signature,
        graph: stage.graph,
      })
      this.#inspected = stage
      this.goTo(0)
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
    } finally {
      this.#isBusy = false
    }
  }

  /** Moves the walk to a moment. */
  goTo(moment: number): void {
    this.#cursor = Math.min(this.moments - 1, Math.max(0, moment))
    const current = this.tape ? this.progress?.current : this.#cursor
    if (current === null || current === undefined) return
    const id = this.tape ? tapeNodeId(current) : this.graph.nodes[current]?.id
    if (id !== undefined) this.select(id)
  }

  play(): void {
    this.#isPlaying = true
    if (this.#cursor === null || this.#cursor >= this.moments - 1) this.goTo(0)
    clearInterval(this.#timer)
    this.#timer = setInterval(() => {
      this.goTo((this.#cursor ?? -1) + 1)
      if (this.#cursor === null || this.#cursor >= this.moments - 1) this.pause()
    }, playEveryMs)
  }

  pause(): void {
    clearInterval(this.#timer)
    this.#isPlaying = false
  }

  endWalk(): void {
    this.pause()
    this.#cursor = null
    this.#problem = null
  }

  #forget(): void {
    this.endWalk()
    this.#turned = new Map()
    this.#selectedId = null
    this.#query = ''
  }
}

function isTraining({ report }: Subject): boolean {
  return report?.isTraining ?? false
}
