/** From a spec to program text. */
export { generateProgram, generatePrograms, type ProgramPlace } from './generateProgram'
export { outputActivation } from './outputActivation'
