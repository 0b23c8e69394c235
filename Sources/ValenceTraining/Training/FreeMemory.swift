import Foundation

/// The memory that this process may still take.
package enum FreeMemory {
  /// In bytes: what the system has available, or less where a control group, that of a container or a
  /// cluster's job, or one of those that it lies in, allows less.
  package static var bytes: Int {
    let available = number(named: "MemAvailable:", in: text("/proc/meminfo")).map { $0 << 10 }
    let system = available ?? Int(ProcessInfo.processInfo.physicalMemory)
    let groups = text("/proc/self/cgroup").split(separator: "\n")
    guard let group = groups.first(where: { $0.hasPrefix("0::") }) else { return system }
    let names = group.dropFirst(3).split(separator: "/")
    return (0...names.count).reduce(system) { least, depth in
      let folder = "/sys/fs/cgroup/\(names.prefix(depth).joined(separator: "/"))"
      return free(
        system: least, limit: text("\(folder)/memory.max"), taken: text("\(folder)/memory.current"),
        statistics: text("\(folder)/memory.stat"))
    }
  }

  /// By the files of a control group (Linux, cgroup-v2); cached file contents that are not in use count as
  /// free.
  static func free(system: Int, limit: String, taken: String, statistics: String) -> Int {
    func integer(_ text: String) -> Int? {
      Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    guard let limit = integer(limit), let taken = integer(taken) else { return system }
    let cached = number(named: "inactive_file", in: statistics) ?? 0
    return min(system, max(0, limit - taken + cached))
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The number behind a word at the beginning of a line.
  private static func number(named name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count > 1, words[0] == name { return Int(words[1]) }
    }
    return nil
  }
}
