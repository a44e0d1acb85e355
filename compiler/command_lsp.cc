// `immure lsp`: a language server on standard input and output.
//
// JSON-RPC 2.0, each message behind a header with its length. Texts are synchronised whole: a profile is small, and judging one takes less time than a keystroke. A message
// that is no JSON, or not of the form that it should have, is answered as an error; the server goes on. It ends where the input ends, or with `exit`.
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <map>
#include <optional>

#include "compiler/commands.h"
#include "compiler/lsp_answers.h"
#include "compiler/output_file.h"

namespace immure {
namespace {

constexpr std::size_t kMaxMessage = std::size_t{64} << 20;
constexpr int kParseError = -32700, kNoMethod = -32601, kBadParams = -32602, kNotInitialised = -32002;

class Input {
 public:
  /// The body of the next message; nothing at the end of the input, or behind a header that gives no length to go on by.
  std::optional<std::string> next() {
    std::size_t length = 0;
    bool known = false;
    for (;;) {
      const std::optional<std::string> line = header_line();
      if (!line) return std::nullopt;
      if (line->empty() && known) break;
      constexpr std::string_view kLength = "Content-Length:";
      if (!line->starts_with(kLength)) continue;
      const std::size_t at = line->find_first_not_of(' ', kLength.size());
      const char* const end = line->data() + line->size();
      known = at != std::string::npos && std::from_chars(line->data() + at, end, length).ptr == end && length <= kMaxMessage;
      if (!known) return std::nullopt;
    }
    while (buffer_.size() < length)
      if (!more()) return std::nullopt;
    std::string body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return body;
  }

 private:
  std::optional<std::string> header_line() {
    for (;;) {
      if (const std::size_t end = buffer_.find("\r\n"); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return line;
      }
      if (buffer_.size() > kMaxMessage || !more()) return std::nullopt;
    }
  }
  bool more() {
    char bytes[1 << 16];
    ssize_t got = 0;
    do got = read(0, bytes, sizeof bytes);
    while (got < 0 && errno == EINTR);
    if (got > 0) buffer_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }
  std::string buffer_;
};

class Server {
 public:
  int run() {
    Input input;
    while (!done_) {
      const std::optional<std::string> body = input.next();
      if (!body) return kUsageOrIo;
      const Json message = Json::parse(*body, nullptr, false);
      if (message.is_discarded() || !message.is_object()) error(nullptr, kParseError, "this is no JSON object");
      else take(message);
    }
    return shut_down_ ? kClean : kHasErrors;
  }

 private:
  void send(const Json& message) {
    const std::string body = json_line(message);
    done_ = write_all(1, "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body) != 0 || done_;
  }
  void answer(const Json& id, Json result) { send({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}}); }
  void error(const Json& id, int code, const std::string& text) { send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", text}}}}); }

  void take(const Json& message) {
    if (!message.contains("method") || !message["method"].is_string()) return;  // an answer to us, who ask nothing
    const std::string method = message["method"].get<std::string>();
    const Json params = message.contains("params") ? message["params"] : Json::object();
    try {
      if (message.contains("id")) request(message["id"], method, params);
      else notice(method, params);
    } catch (const Json::exception&) {
      if (message.contains("id")) error(message["id"], kBadParams, "the parameters of `" + method + "` are not of their form");
    }
  }

  void notice(const std::string& method, const Json& params) {
    if (method == "exit") done_ = true;
    if (!initialised_) return;
    if (method == "textDocument/didOpen") publish(params.at("textDocument").at("uri").get<std::string>(), params.at("textDocument").at("text").get<std::string>());
    if (method == "textDocument/didChange" && !params.at("contentChanges").empty())
      publish(params.at("textDocument").at("uri").get<std::string>(), params.at("contentChanges").back().at("text").get<std::string>());
    // A fragment may have changed: what extends it is judged anew.
    if (method == "textDocument/didSave") judge_all();
    if (method == "textDocument/didClose") {
      const std::string uri = params.at("textDocument").at("uri").get<std::string>();
      documents_.erase(uri);
      send({{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", {{"uri", uri}, {"diagnostics", Json::array()}}}});
    }
  }
  void publish(const std::string& uri, std::string text) {
    documents_.insert_or_assign(uri, open_document(uri, std::move(text)));
    send({{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", lsp_diagnostics(documents_.at(uri))}});
  }
  void judge_all() {
    std::vector<std::pair<std::string, std::string>> texts;
    for (const auto& [uri, document] : documents_) texts.emplace_back(uri, document.text);
    for (auto& [uri, text] : texts) publish(uri, std::move(text));
  }

  void request(const Json& id, const std::string& method, const Json& params) {
    if (method == "initialize") {
      initialised_ = true;
      return answer(id, abilities());
    }
    if (method == "shutdown") {
      shut_down_ = true;
      return answer(id, nullptr);
    }
    struct Row {
      std::string_view method;
      Json (*ask)(const LspDocument&, const Json&);
      const char* where;
    };
    constexpr Row kRequests[] = {{"textDocument/hover", lsp_hover, "position"},
                                 {"textDocument/completion", lsp_completion, "position"},
                                 {"textDocument/definition", lsp_definition, "position"},
                                 {"textDocument/codeAction", lsp_code_actions, "range"}};
    for (const Row& row : kRequests) {
      if (row.method != method) continue;
      if (!initialised_) return error(id, kNotInitialised, "`initialize` comes first");
      const auto document = documents_.find(params.at("textDocument").at("uri").get<std::string>());
      return answer(id, document == documents_.end() ? Json(nullptr) : row.ask(document->second, params.at(row.where)));
    }
    error(id, kNoMethod, "there is no method `" + method + '`');
  }

  static Json abilities() {
    return {{"capabilities",
             {{"positionEncoding", "utf-16"},
              {"textDocumentSync", {{"openClose", true}, {"change", 1}, {"save", true}}},
              {"hoverProvider", true},
              {"definitionProvider", true},
              {"completionProvider", {{"triggerCharacters", Json::array({"\"", "[", "@", "="})}}},
              {"codeActionProvider", {{"codeActionKinds", Json::array({"quickfix"})}}}}},
            {"serverInfo", {{"name", "immure"}, {"version", IMMURE_VERSION}}}};
  }

  std::map<std::string, LspDocument> documents_;
  bool initialised_ = false, shut_down_ = false, done_ = false;
};

}  // namespace

int serve_language(Session&) { return Server().run(); }

}  // namespace immure
