// How JSON is written here: members in the order in which they are added, so that equal things give equal text. The only include of nlohmann-json.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace immure {

using Json = nlohmann::ordered_json;

/// Indented, with a line feed at its end. Bytes that are not UTF-8 (a launcher may hold any) become U+FFFD rather than an exception.
inline std::string json_text(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n'; }

/// The same on one line, without a line feed.
inline std::string json_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace immure
