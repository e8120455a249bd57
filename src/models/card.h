#pragma once
// The model card: what the model is, how good it was and on what, in words and tables (after Mitchell et al. 2019,
// doi:10.1145/3287560.3287596), made from the model and its record alone.

#include <string>

#include "models/model.h"
#include "models/record.h"

namespace leeway::models {

std::string card_markdown(const Model& model, const ModelRecord& record);
/// A page of its own, without scripts or anything loaded from elsewhere; light and dark.
std::string card_html(const Model& model, const ModelRecord& record);

}  // namespace leeway::models
