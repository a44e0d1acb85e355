// `immure check`: judge every file, then say all that was found at once.
#include <algorithm>

#include "compiler/commands.h"
#include "compiler/diag_json.h"
#include "compiler/diag_text.h"
#include "compiler/output_file.h"
#include "compiler/pipeline.h"

namespace immure {

int check_files(Session& session) {
  for (const std::string& path : session.options.files) (void)judge(session, path);
  int status = session.status();
  switch (session.options.format) {
    case DiagnosticFormat::Json: status = std::max(status, print(render_json(session.diags, session.sources))); break;
    case DiagnosticFormat::Human:
      report(session);
      if (const std::string counts = summary(session.diags); !counts.empty()) (void)!write_all(2, counts + '\n');
  }
  return status;
}

}  // namespace immure
