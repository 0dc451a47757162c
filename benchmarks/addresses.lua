-- For wrk: ask for the addresses of a file in turn, over and over; one line at the end.
local asked, at = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    asked[#asked + 1] = wrk.format("GET", path)
  end
end

function request()
  at = at % #asked + 1
  return asked[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "RESULT %d %d %d %.1f %.1f\n", summary.requests, summary.duration,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
