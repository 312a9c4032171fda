/** Writes protobuf as an exporter does, so that tests can also write what none would. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export function field(number: number, value: string | Buffer): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

export function number(field: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

export function fixed64(field: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

export function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

export function message(number: number, ...parts: readonly Buffer[]): Buffer {
  return field(number, Buffer.concat(parts));
}

/** A KeyValue with the AnyValue given. */
export function attribute(fieldNumber: number, name: string, ...value: readonly Buffer[]): Buffer {
  return message(fieldNumber, field(1, name), message(2, ...value));
}

export const ids = {
  trace: '0af7651916cd43dd8448eb211c80319c',
  span: 'b7ad6b7169203331',
  parent: '00f067aa0ba902b7',
} as const;

/** A Span; further fields come behind its own. */
export function span(...more: readonly Buffer[]): Buffer {
  return message(
    2,
    field(1, Buffer.from(ids.trace, 'hex')),
    field(2, Buffer.from(ids.span, 'hex')),
    field(5, 'process'),
    ...more,
  );
}

/** An ExportTraceServiceRequest. */
export function request(...spans: readonly Buffer[]): Buffer {
  return message(1, message(1, attribute(1, 'service.name', field(1, 'shop'))), message(2, ...spans));
}
