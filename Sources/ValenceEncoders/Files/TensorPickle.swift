import ValenceCore

/// The tensors that a `data.pkl` names, read without executing anything.
///
/// A pickle is a program for a small stack machine, which in Python may call any function. A dictionary of
/// tensors needs some twenty of its instructions and three kinds of names: `OrderedDict`, the function that
/// rebuilds a tensor, and types of storages. This machine knows those and refuses everything else by name;
/// the two "functions" are cases of an enum here.
struct TensorPickle {
  /// A run of numbers that tensors are parts of.
  struct Storage: Hashable {
    /// The name of its entry below `data/`.
    var key: String
    var format: NumberFormat
    var count: Int
  }

  /// A part of a storage.
  struct Tensor: Hashable {
    var storage: Storage
    var offset: Int
    var shape: [Int]
    var strides: [Int]
  }

  /// A value on the machine's stack.
  indirect enum Value {
    case text(String)
    case number(Int)
    case truth
    case tuple([Value], depth: Int)
    case name(PickledName)
    case storage(Storage)
    case tensor(Tensor)
    /// A dictionary, by its place among all: it may be changed after it was noted.
    case table(Int)
  }

  private var reader: ByteReader
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var notes: [UInt32: Value] = [:]
  private var tables: [[(key: Value, value: Value)]] = []

  /// Reads a whole pickle.
  ///
  /// - Throws: `WeightFault` that says what is wrong or not known.
  static func tensors(_ bytes: [UInt8]) throws -> [(name: String, tensor: Tensor)] {
    var machine = TensorPickle(reader: ByteReader(bytes))
    do {
      return try machine.tensors()
    } catch is ByteReader.Cut {
      throw WeightFault.damaged("its data.pkl ends too early")
    }
  }

  private init(reader: ByteReader) { self.reader = reader }

  private mutating func tensors() throws -> [(name: String, tensor: Tensor)] {
    while let code = try instruction() { try step(code) }
    guard case .table(let index)? = stack.last, stack.count == 1, marks.isEmpty, reader.left == 0
    else {
      throw WeightFault.mixed("its data.pkl holds something else than a dictionary of tensors")
    }
    return try tables[index].map { key, value in
      guard case .text(let name) = key else {
        throw WeightFault.mixed("its data.pkl holds something that is named by no text")
      }
      guard case .tensor(let tensor) = value else {
        throw WeightFault.mixed(
          "its \(name.shown) is no tensor, so it is more than a model's weights")
      }
      return (name, tensor)
    }
  }

  /// The next instruction, or nil at the end.
  private mutating func instruction() throws -> Instruction? {
    let byte = try reader.byte()
    guard let code = Instruction(rawValue: byte) else {
      throw WeightFault.mixed(
        "its data.pkl has the instruction 0x\(String(byte, radix: 16)) at byte \(reader.place - 1), "
          + "which a dictionary of tensors does not need and which is not executed")
    }
    return code == .stop ? nil : code
  }

  private mutating func step(_ code: Instruction) throws {
    switch code {
    case .proto:
      let version = try reader.byte()
      guard version == 2 else {
        throw WeightFault.mixed("its data.pkl is of protocol \(version) where PyTorch writes 2")
      }
    case .mark: marks.append(stack.count)
    case .emptyTuple: stack.append(.tuple([], depth: 1))
    case .emptyTable: newTable()
    case .text: stack.append(.text(try text()))
    case .int8: stack.append(.number(Int(try reader.byte())))
    case .int16: stack.append(.number(try reader.int(UInt16.self)))
    case .int32:
      stack.append(.number(Int(Int32(bitPattern: try reader.number(UInt32.self)))))
    case .false, .true: stack.append(.truth)
    case .global: stack.append(.name(try PickledName(&reader)))
    case .tuple: push(tuple: try marked())
    case .tuple1: push(tuple: try take(1))
    case .tuple2: push(tuple: try take(2))
    case .tuple3: push(tuple: try take(3))
    case .put: try note(at: UInt32(reader.byte()))
    case .longPut: try note(at: reader.number(UInt32.self))
    case .get: try recall(UInt32(reader.byte()))
    case .longGet: try recall(reader.number(UInt32.self))
    case .storage: try pushStorage()
    case .reduce: try reduce()
    case .setItem: try set(take(2))
    case .setItems: try set(marked())
    case .build:
      // What it would set are attributes of the dictionary, such as `_metadata`: no weights.
      guard case .table? = try take(1).first, case .table? = stack.last else { throw Self.nonsense }
    case .stop: break
    }
    try refuseDepth()
  }

  private static let nonsense = WeightFault.damaged("its data.pkl makes no sense")

  /// The values on top of the stack, above the last mark.
  private mutating func take(_ count: Int) throws -> [Value] {
    guard stack.count - (marks.last ?? 0) >= count else { throw Self.nonsense }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  /// All values above the last mark, which is taken away.
  private mutating func marked() throws -> [Value] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw Self.nonsense }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func push(tuple items: [Value]) {
    let depth = items.map { if case .tuple(_, let depth) = $0 { depth } else { 0 } }.max() ?? 0
    stack.append(.tuple(items, depth: depth + 1))
  }

  /// Tuples of tensors are two deep; those that hold each other thousands of times exhaust the stack.
  private func refuseDepth() throws {
    if case .tuple(_, let depth)? = stack.last, depth > 8 {
      throw WeightFault.mixed(
        "its data.pkl nests tuples deeper than a dictionary of tensors does")
    }
  }

  private mutating func newTable() {
    stack.append(.table(tables.count))
    tables.append([])
  }

  private mutating func text() throws -> String {
    let bytes = try reader.run(reader.int(UInt32.self))
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.nonsense }
    return text
  }

  private mutating func note(at index: UInt32) throws {
    guard let top = stack.last else { throw Self.nonsense }
    notes[index] = top
  }

  private mutating func recall(_ index: UInt32) throws {
    guard let value = notes[index] else {
      throw WeightFault.damaged("its data.pkl recalls value \(index), which it never noted")
    }
    stack.append(value)
  }

  private mutating func set(_ items: [Value]) throws {
    guard case .table(let index)? = stack.last, items.count.isMultiple(of: 2) else {
      throw Self.nonsense
    }
    for at in stride(from: 0, to: items.count, by: 2) {
      tables[index].append((items[at], items[at + 1]))
    }
  }

  /// Takes `('storage', type, key, device, count)`.
  private mutating func pushStorage() throws {
    guard case .tuple(let parts, _)? = try take(1).first, parts.count == 5,
      case .text("storage") = parts[0], case .name(.storage(let format)) = parts[1],
      case .text(let key) = parts[2], case .text = parts[3], case .number(let count) = parts[4],
      count >= 0, key.utf8.count <= 20
    else { throw WeightFault.damaged("its data.pkl describes a storage as PyTorch does not") }
    stack.append(.storage(Storage(key: key, format: format, count: count)))
  }

  /// Makes what a name and its arguments stand for.
  private mutating func reduce() throws {
    let call = try take(2)
    guard case .name(let name) = call[0], case .tuple(let arguments, _) = call[1] else {
      throw Self.nonsense
    }
    switch name {
    case .orderedDict where arguments.isEmpty: newTable()
    case .rebuildTensor: stack.append(.tensor(try Self.tensor(arguments)))
    default: throw Self.nonsense
    }
  }

  /// `(storage, offset, shape, strides, requires_grad, hooks[, metadata])`.
  private static func tensor(_ arguments: [Value]) throws -> Tensor {
    guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0],
      case .number(let offset) = arguments[1], let shape = extents(arguments[2]),
      let strides = extents(arguments[3]), case .truth = arguments[4], offset >= 0,
      shape.count == strides.count
    else { throw WeightFault.damaged("its data.pkl describes a tensor as PyTorch does not") }
    return Tensor(storage: storage, offset: offset, shape: shape, strides: strides)
  }

  /// The extents along a few axes: a tuple of a million may be recalled for each of many tensors.
  private static func extents(_ value: Value) -> [Int]? {
    guard case .tuple(let parts, _) = value, parts.count <= 8 else { return nil }
    let numbers = parts.compactMap {
      if case .number(let number) = $0, number >= 0 { number } else { nil }
    }
    return numbers.count == parts.count ? numbers : nil
  }
}
