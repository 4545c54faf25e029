/** From a spec to program text. */
export {
  demonstrationProgram,
  demonstrations,
  type Demonstration,
  type DemonstrationId,
} from './demonstrations'
export { executionOf, withExecution, type ExecutionOfText } from './execution'
export { frameworkDifferences } from './differences'
export { generateProgram, generatePrograms, type ProgramPlace } from './generateProgram'
export { outputActivation } from './outputActivation'
export { pythonNotebook, pythonScript, type PythonFiles } from './python'
