import Foundation
import ValenceStore

/// A message of a client, as far as the server looks at it.
enum Message: Sendable {
  case request(Request)
  case notification(Notification)
  /// It cannot be answered as what it was meant for; the error that is sent instead.
  case faulty(ProtocolError, id: RequestID?)
  /// Several messages in a list, each by itself: revision 2025-03-26 alone has them.
  case batch([Data])

  /// What asks for an answer.
  struct Request: Sendable {
    let id: RequestID
    let method: String
    let parameters: Parameters
  }

  /// What asks for none.
  struct Notification: Sendable {
    let method: String
    /// The request that it cancels, if it is `notifications/cancelled`.
    let cancelled: RequestID?
  }

  /// The most messages of a batch.
  static let longestBatch = 50

  /// Reads a message.
  ///
  /// Only members that have a meaning are read: whatever else a line of many megabytes holds costs no memory.
  init(_ data: Data) {
    guard data.count <= LineBuffer.longest else {
      self = .faulty(.tooLong, id: nil)
      return
    }
    // A NUL would make Foundation guess at UTF-16, and is no JSON anyway.
    guard !data.contains(0), String(data: data, encoding: .utf8) != nil else {
      self = .faulty(.parse("the message is not UTF-8"), id: nil)
      return
    }
    let first = data.first { !" \t\r\n".utf8.contains($0) }
    if first == UInt8(ascii: "[") {
      self = Self.list(data)
      return
    }
    do {
      self = try JSONDecoder().decode(Envelope.self, from: data).message
    } catch DecodingError.dataCorrupted {
      self = .faulty(.parse("the message is not JSON, or nested too deeply"), id: nil)
    } catch {
      self = .faulty(.request("a message is one JSON object"), id: nil)
    }
  }

  private static func list(_ data: Data) -> Message {
    do {
      let parts = try JSONDecoder().decode(ShortList.self, from: data).items
      guard !parts.isEmpty else { return .faulty(.request("the batch is empty"), id: nil) }
      return .batch(parts.map(\.bytes))
    } catch DecodingError.dataCorrupted {
      return .faulty(.parse("the message is not JSON, or nested too deeply"), id: nil)
    } catch {
      return .faulty(.request("a batch has at most \(longestBatch) messages"), id: nil)
    }
  }

  /// A list that is not read beyond its longest length.
  private struct ShortList: Decodable {
    var items: [JSONValue] = []

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      if let count = list.count, count > longestBatch { throw ProtocolError.tooLong }
      while !list.isAtEnd { items.append(try list.decode(JSONValue.self)) }
    }
  }
}

/// The outermost members of a message.
private struct Envelope: Decodable {
  let message: Message

  private enum Keys: String, CodingKey { case jsonrpc, id, method, params, result, error }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Keys.self)
    let id = try? values.decode(RequestID.self, forKey: .id)
    func faulty(_ reason: String) -> Message { .faulty(.request(reason), id: id) }
    guard (try? values.decode(String.self, forKey: .jsonrpc)) == "2.0" else {
      message = faulty("jsonrpc should be \"2.0\"")
      return
    }
    guard values.contains(.method) else {
      // An answer, which this server never asks for, has the id of somebody else's request.
      let isAnswer = values.contains(.result) || values.contains(.error)
      message =
        isAnswer
        ? .faulty(.request("this server asks nothing"), id: nil) : faulty("it has no method")
      return
    }
    guard let method = try? values.decode(String.self, forKey: .method) else {
      message = faulty("method should be a string")
      return
    }
    guard id != nil || !values.contains(.id) else {
      message = faulty("id should be a string or an integer")
      return
    }
    let hasParameters = values.contains(.params)
    let parameters = try? values.decode(Parameters.self, forKey: .params)
    guard let id else {
      message = .notification(
        Message.Notification(
          method: method,
          cancelled: method == "notifications/cancelled" ? parameters?.requestId : nil))
      return
    }
    guard !hasParameters || parameters != nil else {
      message = .faulty(.parameters("params should be an object"), id: id)
      return
    }
    message = .request(
      Message.Request(id: id, method: method, parameters: parameters ?? Parameters()))
  }
}
