import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Layer, Network } from "../network.js";
import { ATTRIBUTE, DIMENSION, FLOAT, GRAPH, INTEGER, MODEL, NODE, OPSET, SHAPE, TENSOR, TENSOR_TYPE, TYPE, VALUE } from "./fields.js";

/** Names of the input (rows × features) and the output (rows × 1, probabilities) of a model. */
export const INPUT = "features";
export const OUTPUT = "probability";

/** A network as an ONNX model: Gemm, Relu, Gemm, ..., Sigmoid. Parameters are rounded to 32-bit floating point. */
export function onnxOf(network: Network): Uint8Array {
  const model = new BinaryWriter();
  number(model, MODEL.irVersion, 8);
  text(model, MODEL.producerName, "cleanroom");
  message(model, MODEL.graph, (graph) => {
    let value = INPUT;
    const node = (type: string, output: string, parameters: readonly string[] = []) => {
      message(graph, GRAPH.node, (writer) => { nodeOf(writer, type, [value, ...parameters], output); }); // prettier-ignore
      value = output;
    };
    network.forEach((_, index) => {
      node("Gemm", `sum${index}`, [`weights${index}`, `bias${index}`]);
      if (index < network.length - 1) node("Relu", `layer${index}`);
      else node("Sigmoid", OUTPUT);
    });
    text(graph, GRAPH.name, "classifier");
    network.forEach(({ inputs, outputs, weights, bias }, index) => {
      message(graph, GRAPH.initializer, (tensor) => { tensorOf(tensor, `weights${index}`, [outputs, inputs], weights); }); // prettier-ignore
      message(graph, GRAPH.initializer, (tensor) => { tensorOf(tensor, `bias${index}`, [outputs], bias); }); // prettier-ignore
    });
    message(graph, GRAPH.input, (input) => { matrix(input, INPUT, network[0]?.inputs ?? 0); }); // prettier-ignore
    message(graph, GRAPH.output, (output) => { matrix(output, OUTPUT, 1); }); // prettier-ignore
  });
  message(model, MODEL.opsetImport, (opset) => {
    text(opset, OPSET.domain, "");
    number(opset, OPSET.version, 17);
  });
  return model.finish();
}

/** The network as a model has it. */
export function rounded(network: Network): Network {
  return network.map((layer): Layer => ({ ...layer, weights: layer.weights.map(Math.fround), bias: layer.bias.map(Math.fround) }));
}

function nodeOf(writer: BinaryWriter, type: string, inputs: readonly string[], output: string): void {
  for (const input of inputs) text(writer, NODE.input, input);
  text(writer, NODE.output, output);
  text(writer, NODE.name, output);
  text(writer, NODE.opType, type);
  if (type !== "Gemm") return;
  message(writer, NODE.attribute, (attribute) => {
    text(attribute, ATTRIBUTE.name, "transB"); // weights are row by row
    number(attribute, ATTRIBUTE.integer, 1);
    number(attribute, ATTRIBUTE.type, INTEGER);
  });
}

function tensorOf(tensor: BinaryWriter, name: string, dimensions: readonly number[], values: Float64Array): void {
  for (const dimension of dimensions) number(tensor, TENSOR.dims, dimension);
  number(tensor, TENSOR.dataType, FLOAT);
  text(tensor, TENSOR.name, name);
  const raw = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, at) => { raw.setFloat32(4 * at, value, true); }); // prettier-ignore
  tensor.tag(TENSOR.rawData, WireType.LengthDelimited).bytes(new Uint8Array(raw.buffer));
}

/** The description of a matrix with any number of rows. */
function matrix(value: BinaryWriter, name: string, width: number): void {
  text(value, VALUE.name, name);
  message(value, VALUE.type, (type) => {
    message(type, TYPE.tensor, (tensor) => {
      number(tensor, TENSOR_TYPE.elementType, FLOAT);
      message(tensor, TENSOR_TYPE.shape, (shape) => {
        message(shape, SHAPE.dimension, (rows) => { text(rows, DIMENSION.parameter, "rows"); }); // prettier-ignore
        message(shape, SHAPE.dimension, (columns) => { number(columns, DIMENSION.value, width); }); // prettier-ignore
      });
    });
  });
}

function number(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, write: (message: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}
