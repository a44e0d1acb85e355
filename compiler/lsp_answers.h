// What the language server knows about one text: one function for each question, from a text to JSON. Nothing is kept between them but what `LspDocument` holds.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compiler/pipeline.h"  // before json.h, whose `Json` would stand above an enumerator of that name

#include "compiler/json.h"

namespace immure {

/// An open text, judged.
struct LspDocument {
  std::string uri, path;
  std::unique_ptr<Session> session;  // its file 0 is the text, where it could be read at all
  std::string text;
  Judged judged;
  std::vector<Diagnostic> found;
};

/// Judges the text as `check` does; what it extends is read from the disk.
LspDocument open_document(std::string uri, std::string text);

Json lsp_diagnostics(const LspDocument& document);
/// null where there is nothing to say.
Json lsp_hover(const LspDocument& document, const Json& position);
Json lsp_completion(const LspDocument& document, const Json& position);
Json lsp_definition(const LspDocument& document, const Json& position);
Json lsp_code_actions(const LspDocument& document, const Json& range);

}  // namespace immure
