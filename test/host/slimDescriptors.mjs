import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The extensions of grpc-gateway with OpenAPI texts: of a file, message, field, service, enum and method. */
const OPENAPI = 1042;
/** Operation.responses, a map from status to response. */
const RESPONSES = 9;

/**
 * The sandbox bundle without the documentation in the descriptors of Scalekit's SDK, which is most of their size. Of the OpenAPI texts
 * only the status codes that a method documents are kept: `readMethodOptions` reads no others.
 */
export const slimDescriptors = {
  name: 'slim-descriptors',
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/]@scalekit-sdk[\\/]node[\\/]lib[\\/]pkg[\\/]grpc[\\/]scalekit[\\/].*_pb\.js$/ },
      async ({ path }) => ({
        contents: withSlimDescriptor(await readFile(path, 'utf8')),
      }),
    );
  },
};

/** @param source a module that protoc-gen-es generated. @throws if its descriptor isn't found */
function withSlimDescriptor(source) {
  let found = false;
  const slim = source.replace(/(fileDesc\)?\(")([A-Za-z0-9+/=]+)(")/, (_, before, base64, after) => {
    found = true;
    const file = fromBinary(FileDescriptorProtoSchema, Buffer.from(base64, 'base64'));
    slimFile(file);
    return (
      before + Buffer.from(toBinary(FileDescriptorProtoSchema, file)).toString('base64').replace(/=+$/, '') + after
    );
  });
  if (!found) throw new Error("A module of the SDK has its descriptor in a form that isn't known here.");
  return slim;
}

function slimFile(file) {
  dropTexts(file);
  for (const message of file.messageType) slimMessage(message);
  for (const each of file.enumType) slimEnum(each);
  for (const service of file.service) {
    dropTexts(service);
    for (const method of service.method) {
      if (method.options?.$unknown === undefined) continue;
      method.options.$unknown = method.options.$unknown.map((field) =>
        field.no === OPENAPI ? { ...field, data: onlyStatusCodes(field.data) } : field,
      );
    }
  }
}

function slimMessage(message) {
  dropTexts(message);
  for (const field of message.field) dropTexts(field);
  for (const nested of message.nestedType) slimMessage(nested);
  for (const each of message.enumType) slimEnum(each);
}

function slimEnum(each) {
  dropTexts(each);
  for (const value of each.value) dropTexts(value);
}

function dropTexts(descriptor) {
  if (descriptor.options?.$unknown === undefined) return;
  descriptor.options.$unknown = descriptor.options.$unknown.filter(({ no }) => no !== OPENAPI);
}

/** @param data an Operation with its length before it, as unknown fields are kept */
function onlyStatusCodes(data) {
  const reader = new BinaryReader(new BinaryReader(data).bytes());
  const writer = new BinaryWriter().fork();
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field !== RESPONSES) {
      reader.skip(wireType, field);
      continue;
    }
    const entry = new BinaryReader(reader.bytes());
    while (entry.pos < entry.len) {
      const [part, partType] = entry.tag();
      if (part !== 1) entry.skip(partType, part);
      else
        writer
          .tag(RESPONSES, WireType.LengthDelimited)
          .fork()
          .tag(1, WireType.LengthDelimited)
          .string(entry.string())
          .join();
    }
  }
  return writer.join().finish();
}
