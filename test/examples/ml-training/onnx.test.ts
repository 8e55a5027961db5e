import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { Fault } from "../../../examples/ml-training/application/fault.js";
import type { Network } from "../../../examples/ml-training/application/network.js";
import { networkOf } from "../../../examples/ml-training/application/onnx/read.js";
import { onnxOf, rounded } from "../../../examples/ml-training/application/onnx/write.js";
import { randomOf } from "../../../examples/ml-training/application/random.js";
import { untrained } from "../../../examples/ml-training/scenario/untrained.js";

const network = untrained([3, 4, 1], 5);

test("a network that was written is read back, its numbers rounded to 32 bits", () => {
  expect(networkOf(onnxOf(network), "m")).toEqual(rounded(network));
});

test("a model that is cut short anywhere is refused as such", () => {
  const bytes = onnxOf(network);
  for (let length = 0; length < bytes.length; length++) {
    // Of what follows the graph, nothing is read but its length.
    const read = () => networkOf(bytes.subarray(0, length), "m");
    if (bytes.length - length > 6) expect(read).toThrow(Fault);
    else expect(attempt(read)).toEqual(expect.anything());
  }
});

test("of a model with any one byte changed, either a network is read or one line says why not", () => {
  const bytes = onnxOf(network);
  const random = randomOf(11);
  for (let round = 0; round < 4000; round++) {
    const changed = bytes.slice();
    changed[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const read = attempt(() => networkOf(changed, "m"));
    if (read instanceof Error) expect(read.message).toMatch(/^m: [\x20-\x7e…]{1,200}$/);
    else expect(read.at(-1)?.outputs).toBe(1);
  }
});

function attempt(read: () => Network): Network | Fault {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/* Models as others write them: a layer y = W·x + b of two inputs and one output. */

type Part = (writer: BinaryWriter) => void;
const message = (field: number, ...parts: readonly Part[]): Part => (writer) => { writer.tag(field, WireType.LengthDelimited).fork(); parts.forEach((part) => { part(writer); }); writer.join(); }; // prettier-ignore
const text = (field: number, value: string): Part => (writer) => { writer.tag(field, WireType.LengthDelimited).string(value); }; // prettier-ignore
const integer = (field: number, value: number): Part => (writer) => { writer.tag(field, WireType.Varint).int64(value); }; // prettier-ignore
const float = (field: number, value: number): Part => (writer) => { writer.tag(field, WireType.Bit32).float(value); }; // prettier-ignore
const packed = (field: number, numbers: readonly number[], write: (writer: BinaryWriter, value: number) => unknown): Part => (writer) => { writer.tag(field, WireType.LengthDelimited).fork(); numbers.forEach((value) => { write(writer, value); }); writer.join(); }; // prettier-ignore
const attribute = (name: string, value: Part): Part => message(5, text(1, name), value);

/** Numbers unpacked and in `float_data` unless told otherwise. */
const tensor = (name: string, dimensions: readonly number[], values: readonly number[], ...more: readonly Part[]): Part =>
  message(
    5,
    ...dimensions.map((size) => integer(1, size)),
    integer(2, 1),
    text(8, name),
    packed(4, values, (writer, value) => writer.float(value)),
    ...more,
  );

const gemm = (...attributes: readonly Part[]): Part =>
  message(1, text(1, "x"), text(1, "W"), text(1, "b"), text(2, "y"), text(4, "Gemm"), ...attributes);

function modelOf(...graph: readonly Part[]): Uint8Array {
  const writer = new BinaryWriter();
  message(7, ...graph, message(11, text(1, "x")), message(12, text(1, "y")))(writer);
  return writer.finish();
}

const layer = [{ inputs: 2, outputs: 1, weights: Float64Array.of(3, 4), bias: Float64Array.of(5) }];

test.each([
  [
    "weights by row, numbers in a list",
    modelOf(gemm(attribute("transB", integer(3, 1))), tensor("W", [1, 2], [3, 4]), tensor("b", [1], [5])),
  ],
  ["weights by column, as Gemm has them unless told", modelOf(gemm(), tensor("W", [2, 1], [3, 4]), tensor("b", [1], [5]))],
  [
    "packed sizes, and factors of one",
    modelOf(
      gemm(attribute("alpha", float(2, 1)), attribute("beta", float(2, 1)), attribute("transB", integer(3, 1))),
      message(
        5,
        packed(1, [1, 2], (writer, value) => writer.int64(value)),
        integer(2, 1),
        text(8, "W"),
        float(4, 3),
        float(4, 4),
      ),
      tensor("b", [1], [5]),
    ),
  ],
  [
    "initializers that are inputs too",
    modelOf(gemm(), message(11, text(1, "W")), message(11, text(1, "b")), tensor("W", [2, 1], [3, 4]), tensor("b", [1], [5])),
  ],
])("a model is understood that has %s", (_, model) => {
  expect(networkOf(model, "m")).toEqual(layer);
});

test.each([
  [
    "another factor",
    [gemm(attribute("alpha", float(2, 0.5))), tensor("W", [2, 1], [3, 4]), tensor("b", [1], [5])],
    "has a Gemm whose alpha is not 1",
  ],
  [
    "a transposed input",
    [gemm(attribute("transA", integer(3, 1))), tensor("W", [2, 1], [3, 4]), tensor("b", [1], [5])],
    "has a Gemm whose transA is not 0",
  ],
  ["no such weights", [gemm(), tensor("b", [1], [5])], 'has no initializer "W"'],
  ["weights in another file", [gemm(), tensor("W", [2, 1], [3, 4], integer(14, 1)), tensor("b", [1], [5])], 'has "W" in another file'],
  ["too few numbers", [gemm(), tensor("W", [2, 1], [3]), tensor("b", [1], [5])], 'has 1 numbers in "W", not 2'],
  ["a size below nothing", [gemm(), tensor("W", [-2, -1], [3, 4]), tensor("b", [1], [5])], 'has "W" of a strange size'],
  ["a size beyond all bounds", [gemm(), tensor("W", [2 ** 40, 2 ** 40], [3, 4]), tensor("b", [1], [5])], 'has "W" of a strange size'],
  ["a number that is none", [gemm(), tensor("W", [2, 1], [3, NaN]), tensor("b", [1], [5])], 'has a number in "W" that is none'],
  [
    "biases that do not fit",
    [gemm(), tensor("W", [2, 1], [3, 4]), tensor("b", [2], [5, 6])],
    "has a layer of 1 outputs without as many biases",
  ],
  ["two outputs", [gemm(), tensor("W", [1, 2], [3, 4]), tensor("b", [2], [5, 6])], "has more than one number as its output"],
  ["no nodes", [], "does not end as it should: wanted is Gemm, Relu, Gemm, ..., Gemm, with or without a Sigmoid at the end"],
  [
    "a name that is no name",
    [message(1, text(4, "\u001b[2J\n"))],
    'has the operator "\\u001b[2J\\n": wanted is Gemm, Relu, Gemm, ..., Gemm, with or without a Sigmoid at the end',
  ],
] as const)("a model is refused that has %s", (_, graph, reason) => {
  expect(() => networkOf(modelOf(...graph), "m")).toThrow(new Fault(`m: ${reason}`));
});
