// What examples/simulation.cpp serves: foxes that eat rabbits (Lotka and Volterra), and a page to
// watch and steer them.
#pragma once

#include <wend/handler/constrained.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

/// What can be steered; the rates are per cent of a population in a year.
struct parameters {
  wend::range<int, 0, 1000> speed = 100;   // per cent of a year in a second
  wend::range<int, 0, 400> births = 110;   // of rabbits
  wend::range<int, 0, 400> hunger = 40;    // rabbits eaten, for a thousand foxes
  wend::range<int, 0, 400> breeding = 10;  // of foxes, for a thousand rabbits
  wend::range<int, 0, 400> deaths = 40;    // of foxes
  bool paused = false;
};

struct state {
  double years = 0;
  double rabbits = 10;  // thousands
  double foxes = 5;
  parameters now;
};

class model {
 public:
  state const& now() const { return state_; }
  void set(parameters const& p) { state_.now = p; }

  /// Goes on by so many seconds of those who watch.
  void step(double seconds) {
    auto const& p = state_.now;
    if (p.paused) return;
    constexpr int parts = 20;  // small enough for the fastest
    auto const years = seconds * p.speed / 100.0 / parts;
    for (int i = 0; i < parts; ++i) {
      // in logarithms nobody dies out or turns negative, whatever the step
      state_.rabbits *= std::exp(years * (p.births - p.hunger * state_.foxes) / 100);
      state_.foxes *= std::exp(years * (p.breeding * state_.rabbits - p.deaths) / 100);
      state_.rabbits = std::clamp(state_.rabbits, 1e-3, 1e3);
      state_.foxes = std::clamp(state_.foxes, 1e-3, 1e3);
      state_.years += years;
    }
  }

 private:
  state state_;
};

inline constexpr std::string_view page = R"(<!DOCTYPE html>
<html lang="en">
<title>wend: simulation</title>
<style>
  body { font: 16px sans-serif; max-width: 40em; margin: 2em auto; }
  canvas { width: 100%; height: 14em; background: #f4f4f4; }
  label { display: block } label span { display: inline-block; width: 16em }
  #rabbits { color: #06c } #foxes { color: #c40 }
</style>
<h1>Rabbits and foxes</h1>
<canvas id="chart" width="640" height="224"></canvas>
<p>Year <output id="years">?</output>: <b id="rabbits">?</b> thousand rabbits,
   <b id="foxes">?</b> thousand foxes<span id="paused" hidden>, paused</span>.</p>
<!-- without scripts this form is all it takes to steer -->
<form method="post" action="/parameters">
  <label><span>Speed</span><input type="range" name="speed" max="1000"></label>
  <label><span>Births of rabbits</span><input type="range" name="births" max="400"></label>
  <label><span>Hunger of foxes</span><input type="range" name="hunger" max="400"></label>
  <label><span>Breeding of foxes</span><input type="range" name="breeding" max="400"></label>
  <label><span>Deaths of foxes</span><input type="range" name="deaths" max="400"></label>
  <button name="paused" value="false">Run</button>
  <button name="paused" value="true">Pause</button>
</form>
<p id="problem"></p>
<script>
  const element = id => document.getElementById(id), form = document.forms[0];
  const names = ["speed", "births", "hunger", "breeding", "deaths"];
  const history = [], chart = element("chart").getContext("2d");
  let now;

  function show(state) {
    if (!now) for (const name of names) form[name].value = state.now[name];
    now = state.now;
    for (const id of ["years", "rabbits", "foxes"]) element(id).textContent = state[id].toFixed(2);
    element("paused").hidden = !now.paused;
    if (!now.paused) history.push([state.rabbits, state.foxes]);
    if (history.length > 640) history.shift();
    chart.clearRect(0, 0, 640, 224);
    for (const i of [0, 1]) {
      chart.strokeStyle = ["#06c", "#c40"][i];
      chart.beginPath();
      history.forEach((v, x) => chart.lineTo(x, 220 - 8 * v[i]));
      chart.stroke();
    }
  }

  async function steer(paused) {
    const wanted = {paused};
    for (const name of names) wanted[name] = Number(form[name].value);
    const answer = await fetch("/parameters", {
      method: "PUT",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify(wanted),
    });
    if (answer.ok) show(await answer.json());
    element("problem").textContent = answer.ok ? "" : (await answer.json()).title;
  }

  form.addEventListener("input", () => steer(now.paused));
  form.addEventListener("submit", e => { e.preventDefault(); steer(e.submitter.value == "true"); });
  new EventSource("/events").onmessage = e => show(JSON.parse(e.data));
</script>
)";
