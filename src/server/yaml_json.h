#pragma once
// A YAML tree as JSON.

#include "base/json_writer.h"
#include "config/yaml_reader.h"

namespace leeway::server {

/// Plain scalars that are numbers, true or false become such; all others are texts.
void write_node(JsonWriter& w, const YamlNode& node);

}  // namespace leeway::server
