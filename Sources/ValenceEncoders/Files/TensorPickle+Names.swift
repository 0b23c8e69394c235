import ValenceCore

extension TensorPickle {
  /// The instructions that a dictionary of tensors is made of (Python's `pickletools` has their names).
  enum Instruction: UInt8 {
    case proto = 0x80
    case global = 0x63
    case put = 0x71
    case longPut = 0x72
    case get = 0x68
    case longGet = 0x6A
    case mark = 0x28
    case emptyTuple = 0x29
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyTable = 0x7D
    case text = 0x58
    case int8 = 0x4B
    case int16 = 0x4D
    case int32 = 0x4A
    case storage = 0x51
    case `true` = 0x88
    case `false` = 0x89
    case reduce = 0x52
    case setItem = 0x73
    case setItems = 0x75
    case build = 0x62
    case stop = 0x2E
  }

  /// What a pickle may name.
  enum PickledName: Hashable {
    case orderedDict
    case rebuildTensor
    case storage(NumberFormat)

    /// Takes a module and a name, a line each.
    init(_ reader: inout ByteReader) throws {
      let module = String(decoding: try reader.line(), as: UTF8.self)
      let name = String(decoding: try reader.line(), as: UTF8.self)
      switch (module, name) {
      case ("collections", "OrderedDict"): self = .orderedDict
      case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
      case ("torch", "DoubleStorage"): self = .storage(.float64)
      case ("torch", "FloatStorage"): self = .storage(.float32)
      case ("torch", "HalfStorage"): self = .storage(.float16)
      case ("torch", "BFloat16Storage"): self = .storage(.bfloat16)
      case ("torch", "LongStorage"): self = .storage(.int64)
      case ("torch", "IntStorage"): self = .storage(.int32)
      case ("torch", _), ("torch._utils", _):
        throw WeightFault.foreign(
          "its data.pkl asks for \("\(module).\(name)".shown), which is not read")
      default:
        throw WeightFault(
          reason: "its data.pkl asks for \("\(module).\(name)".shown), but weights need only "
            + "OrderedDict, tensors and storages of floats; nothing of it was executed; take the "
            + "weights from a source that you trust, as \(WeightFiles.safetensors).")
      }
    }
  }
}

extension String {
  /// A name out of a file as a sentence can hold it.
  var shown: String {
    let plain = String(
      decoding: utf8.prefix(80).filter { (0x20..<0x7F).contains($0) }, as: UTF8.self)
    return utf8.count > 80 ? plain + "…" : plain
  }
}
