import { Fault, quoted } from "../fault.js";
import type { Layer, Network } from "../network.js";
import { ATTRIBUTE, FLOAT, GRAPH, MODEL, NODE, TENSOR, VALUE } from "./fields.js";
import { Message } from "./message.js";

const MOST_PARAMETERS = 1_000_000;

/**
 * The network of an ONNX model that is a chain of Gemm and Relu with one output, whether or not a Sigmoid ends it.
 *
 * @param name how messages call the file
 * @throws Fault for bytes that are no such model
 */
export function networkOf(bytes: Uint8Array, name: string): Network {
  try {
    const graph = new Message(bytes).messages(MODEL.graph).at(-1);
    if (!graph) throw new Unfit("has no graph");
    return layersOf(graph);
  } catch (error) {
    if (error instanceof Unfit) throw new Fault(`${name}: ${error.message}`);
    if (error instanceof RangeError || error instanceof TypeError) throw new Fault(`${name}: is no ONNX model, or a damaged one`);
    throw error;
  }
}

class Unfit extends Error {}

type Tensor = { readonly dimensions: readonly number[]; readonly values: Float64Array };

function layersOf(graph: Message): Network {
  const tensors = new Map(graph.messages(GRAPH.initializer).map((tensor) => [tensor.text(TENSOR.name), tensor]));
  const inputs = graph.messages(GRAPH.input).map((input) => input.text(VALUE.name)).filter((input) => !tensors.has(input)); // prettier-ignore
  if (inputs.length !== 1) throw new Unfit(`has ${inputs.length} inputs, not one`);
  let [current = ""] = inputs;
  const layers: Layer[] = [];
  let before = "Relu";
  for (const node of graph.messages(GRAPH.node)) {
    const operator = node.text(NODE.opType);
    const [value, ...parameters] = node.texts(NODE.input);
    if (!OPERATORS.includes(operator) || node.text(NODE.domain) !== "") throw new Unfit(`has the operator ${quoted(operator)}: ${WANTED}`);
    if (value !== current || before === "Sigmoid" || (operator === "Gemm") !== (before === "Relu"))
      throw new Unfit(`is no chain: ${WANTED}`);
    if (operator === "Gemm") layers.push(layerOf(node, parameters, tensors, layers.at(-1)));
    current = node.text(NODE.output);
    before = operator;
  }
  const outputs = graph.messages(GRAPH.output).map((output) => output.text(VALUE.name));
  if (before === "Relu" || outputs.length !== 1 || outputs[0] !== current) throw new Unfit(`does not end as it should: ${WANTED}`);
  if (layers.at(-1)?.outputs !== 1) throw new Unfit("has more than one number as its output");
  return layers;
}

const OPERATORS = ["Gemm", "Relu", "Sigmoid"];
const WANTED = "wanted is Gemm, Relu, Gemm, ..., Gemm, with or without a Sigmoid at the end";

function layerOf(node: Message, parameters: readonly string[], tensors: ReadonlyMap<string, Message>, before: Layer | undefined): Layer {
  const transposed = transposition(node);
  const [weights, bias] = parameters.map((parameter) => tensorOf(tensors.get(parameter), parameter));
  const [rows = 0, columns = 0, ...more] = weights?.dimensions ?? [];
  if (!weights || more.length > 0 || rows * columns === 0) throw new Unfit("has a Gemm whose weights are no matrix");
  const [inputs, outputs] = transposed ? [columns, rows] : [rows, columns];
  if (before && before.outputs !== inputs) throw new Unfit(`has a layer of ${inputs} inputs after one of ${before.outputs} outputs`);
  if (bias?.values.length !== outputs) throw new Unfit(`has a layer of ${outputs} outputs without as many biases`);
  const { values } = weights;
  const byOutput = transposed ? values : values.map((_, at) => values[(at % inputs) * outputs + Math.floor(at / inputs)] ?? 0);
  return { inputs, outputs, weights: byOutput, bias: bias.values };
}

/** Whether the weights of a Gemm stand row by row for its outputs; other attributes must be as if they were not there. */
function transposition(node: Message): boolean {
  const attributes = new Map(node.messages(NODE.attribute).map((attribute) => [attribute.text(ATTRIBUTE.name), attribute]));
  for (const name of ["alpha", "beta"]) {
    if ((attributes.get(name)?.floats(ATTRIBUTE.float).at(-1) ?? 1) !== 1) throw new Unfit(`has a Gemm whose ${name} is not 1`);
  }
  if ((attributes.get("transA")?.number(ATTRIBUTE.integer) ?? 0) !== 0) throw new Unfit("has a Gemm whose transA is not 0");
  return (attributes.get("transB")?.number(ATTRIBUTE.integer) ?? 0) !== 0;
}

function tensorOf(tensor: Message | undefined, name: string): Tensor {
  if (!tensor) throw new Unfit(`has no initializer ${quoted(name)}`);
  if (tensor.number(TENSOR.dataType) !== FLOAT) throw new Unfit(`has ${quoted(name)}, which is not of 32-bit floating point`);
  if ((tensor.number(TENSOR.dataLocation) ?? 0) !== 0) throw new Unfit(`has ${quoted(name)} in another file`);
  const dimensions = tensor.numbers(TENSOR.dims);
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (dimensions.some((dimension) => !(dimension > 0)) || size > MOST_PARAMETERS) throw new Unfit(`has ${quoted(name)} of a strange size`);
  const raw = tensor.bytes(TENSOR.rawData).at(-1);
  const values = raw ? rawFloats(raw) : tensor.floats(TENSOR.floatData);
  if (values.length !== size) throw new Unfit(`has ${values.length} numbers in ${quoted(name)}, not ${size}`);
  if (!values.every(Number.isFinite)) throw new Unfit(`has a number in ${quoted(name)} that is none`);
  return { dimensions, values: Float64Array.from(values) };
}

function rawFloats(raw: Uint8Array): number[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return Array.from({ length: Math.floor(raw.length / 4) }, (_, at) => view.getFloat32(4 * at, true));
}
