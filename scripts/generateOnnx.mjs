/** Writes `core/onnx/onnx_pb.ts` from `onnx.proto`. Needs `protoc` (Debian: protobuf-compiler); plain Node otherwise. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const folder = 'src/lib/core/onnx'
const generator = '@bufbuild/protoc-gen-es@2.17.0'

const protoc = `protoc -I${folder} --es_out=${folder} --es_opt=target=ts onnx.proto`
execFileSync('npx', ['--yes', '-p', generator, '-c', protoc], { stdio: 'inherit' })

const file = `${folder}/onnx_pb.ts`
const written = readFileSync(file, 'utf8')
// The file passes the linter, which reports a directive that it does not need.
writeFileSync(file, written.replace('/* eslint-disable */\n', ''))
execFileSync('npx', ['prettier', '--write', file], { stdio: 'inherit' })
