#pragma once
// The roles of the columns of two sides, from the configuration, a profile's own record, and guesses.

#include "config/monitor_config.h"
#include "monitor/side.h"

namespace leeway {

/// What `config` leaves open is taken from a profile (which remembers the roles it was made with), else guessed from
/// the reference's rows, each guess a remark. Errors: those of settle_roles.
Result<Roles> settle_sides(const Side& reference, const Side& current, const MonitorConfig& config);

}  // namespace leeway
