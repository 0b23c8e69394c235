import Foundation
import NIOHTTP1

/// The files of the page, which are part of the program.
enum PageFile: String, CaseIterable {
  case app = "/app.js"
  case capture = "/capture.js"
  case card = "/card.js"
  case chart = "/chart.js"
  case spectrogram = "/spectrogram.js"
  case worklet = "/worklet.js"
  case style = "/app.css"

  /// What is at `/`.
  enum Page {
    case app
    case login
    /// The form again, after a token that is none.
    case refusedLogin
  }

  private var content: [UInt8] {
    switch self {
    case .app: PackageResources.app_js
    case .capture: PackageResources.capture_js
    case .card: PackageResources.card_js
    case .chart: PackageResources.chart_js
    case .spectrogram: PackageResources.spectrogram_js
    case .worklet: PackageResources.worklet_js
    case .style: PackageResources.app_css
    }
  }

  /// The file as an answer.
  var answer: Answer {
    let type = self == .style ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
    var answer = Answer(type: type, body: Data(content))
    answer.headers = [("Cache-Control", "no-cache")]
    return answer
  }

  /// What a browser may load: nothing but these files, and nobody may put the page into another one.
  private static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "media-src blob:", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'",
  ].joined(separator: "; ")

  /// The page.
  ///
  /// - Parameter asksForToken: whether there is a login to leave.
  static func page(_ page: Page, asksForToken: Bool) -> Answer {
    var text: String
    switch page {
    case .app:
      text = String(decoding: PackageResources.index_html, as: UTF8.self)
      if asksForToken { text = text.replacing("<body>", with: "<body data-login=\"true\">") }
    case .login, .refusedLogin:
      let problem =
        page == .login ? "" : "<p class=\"problem\" role=\"alert\">That is not the token.</p>"
      text = String(decoding: PackageResources.login_html, as: UTF8.self)
        .replacing("<!--PROBLEM-->", with: problem)
    }
    var answer = Answer(type: "text/html; charset=utf-8", body: Data(text.utf8))
    answer.headers = [
      ("Content-Security-Policy", policy), ("Permissions-Policy", "microphone=(self)"),
    ]
    return answer
  }
}
