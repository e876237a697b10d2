// Resources: the members of a class as routes, found by their names.
//
//     member    route                     its name
//     index     GET     /notes            notes.index
//     create    POST    /notes            notes.create
//     show      GET     /notes/{id}       notes.show
//     replace   PUT     /notes/{id}       notes.replace
//     update    PATCH   /notes/{id}       notes.update
//     remove    DELETE  /notes/{id}       notes.remove
//
// As `resource` of Rails and Routes, but without their pages for forms, new and edit, and with PUT
// and PATCH apart.
#pragma once

#include <wend/app/detail/actions.hpp>
#include <wend/app/detail/expansion.hpp>
#include <wend/app/detail/gather.hpp>
#include <wend/app/detail/resource_id.hpp>
#include <wend/app/detail/table_facts.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/route.hpp>
#include <wend/app/table_fault.hpp>
#include <wend/http/method.hpp>
#include <wend/route/fixed_string.hpp>
#include <wend/route/pattern.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace wend {

/// The routes of a class: an entry of a table or group.
///
///     struct notes {
///       note_store& store;
///       std::vector<note> index() const;                          // GET    /notes
///       std::optional<note> show(std::int64_t id) const;          // GET    /notes/{id:int}
///       void remove(std::int64_t id) const;                       // DELETE /notes/{id:int}
///     };
///     auto api = wend::routes(wend::resource<"notes">(notes{store}));
///     api.url_for<"notes.show">(7);                               // "/notes/7"
///
/// `index`, `create`, `show`, `replace`, `update` and `remove` are handlers like others: parameters
/// say what a request must bring, results what the client gets. Those that the class has become
/// routes; they are const or static, one of each name. The object is moved once, is shared by its
/// routes, and called by many threads at once. Allocates: the object, unless it is empty.
///
/// The id is `{id:int}`, `{id:uint}` or `{id:uuid}` if members take it as a signed or unsigned
/// integer or as a `uuid`, else `{id}`. A name may say more: `resource<"notes/{slug:slug}">`.
template <fixed_string Name, class T>
constexpr auto resource(T object, call_site where = {__builtin_FILE(), __builtin_LINE()});

/// The same with resources below its members, which take the ids of those around them first:
///
///     wend::resource<"regions">(regions{db}, wend::resource<"locations">(locations{db}))
///
/// `locations::index(int region)` is GET /regions/{regions_id:int}/locations and is called
/// "regions.locations.index"; `locations::show(int region, int id)` has an {id:int} as well. An id
/// that the name of the outer resource gives, as "regions/{region:int}", keeps its own name. In the
/// errors of a router the outer one stands where the first one below it does.
template <fixed_string Name, class T, class First, class... Inner>
constexpr auto resource(T object, First first, Inner... inner);

// ------------------------------------------------------------------------------------------------

namespace detail {

template <fixed_string Name, class T, class... Inner>
struct resource_entry {
  [[no_unique_address]] shared_object<T> object;
  [[no_unique_address]] held_routes<std::index_sequence_for<Inner...>, Inner...> inner;
  call_site where;
};

template <fixed_string Name, class T, class... Inner>
inline constexpr bool expands<resource_entry<Name, T, Inner...>> = true;

template <fixed_string Name, class T, class... Inner>
constexpr resource_fault judge_resource() {
  constexpr auto name = Name.view();
  constexpr auto segment = name.substr(0, segment_size(name));
  if (segment.empty() || segment.find_first_of("{}[]") != name.npos ||
      (segment.size() < name.size() && name.find('{') == name.npos))
    return resource_fault::name;
  if (any({!(expands<Inner> || stands_in<Inner>)...})) return resource_fault::inner;
  if constexpr (std::is_class_v<T>) {
    for (auto const state : member_states<T>)
      if (state == member_state::unfit) return resource_fault::member;
    if (!std::is_move_constructible_v<T>) return resource_fault::fixed;
    if (actions_of<T>().size() > 0) return resource_fault::none;
  }
  return resource_fault::nothing;
}

template <fixed_string Path, fixed_string Names, fixed_string Name, class T, class... Inner>
class expansion<Path, Names, resource_entry<Name, T, Inner...>> {
  using entry = resource_entry<Name, T, Inner...>;
  using actions = decltype(actions_of<T>());
  using inner_sequence = std::index_sequence_for<Inner...>;

  static constexpr fixed_string segment = resource_segment<Name>();
  static constexpr bool id_given = segment.view() != Name.view();
  static constexpr auto ids = judge_ids<T, parsed_of<Path>.capture_count>(actions{});
  static constexpr auto type = ids.type.value_or(capture_type::segment);

  static constexpr fixed_string all = concatenated<Path, "/", segment>();
  static constexpr fixed_string one = concatenated<all, id_pattern<Name, "id", type>()>();
  static constexpr fixed_string outer =
      concatenated<all, id_pattern<Name, outer_id<segment>(), type>()>();
  static constexpr fixed_string names = concatenated<Names, segment, ".">();

  template <std::size_t A>
  static consteval auto pattern_of() {
    if constexpr (action<A>::of_one)
      return one;
    else
      return all;
  }
  template <std::size_t A>
  using maker = route_maker<action<A>::method,
                            pattern_of<A>(),
                            concatenated<names, action<A>::name>(),
                            action_handler<T, A>>;
  template <class E>
  using below = expansion<outer, names, E>;

  template <std::size_t A>
  static constexpr auto make(entry const& e) {
    return maker<A>::make(action_handler<T, A>{e.object}, e.where);
  }

  /// The first thing that is wrong, of the ids, the members, and what is inside.
  template <std::size_t... A>
  static constexpr auto first_fault(std::index_sequence<A...>) {
    constexpr std::array wrong{
        !ids.agreed && !id_given,
        !maker<A>::sound...,
        !std::same_as<decltype(below<Inner>::fault()), std::type_identity<no_fault>>...,
        true};
    constexpr auto first = std::find(wrong.begin(), wrong.end(), true) - wrong.begin();
    return std::tuple_element_t<
        first,
        std::tuple<std::type_identity<explain_resource<resource_fault::ids, Name, T>>,
                   std::type_identity<typename maker<A>::check>...,
                   decltype(below<Inner>::fault())...,
                   std::type_identity<no_fault>>>{};
  }

 public:
  static constexpr auto fault() { return first_fault(actions{}); }

  /// A table of its routes.
  static constexpr auto of(entry& e) {
    return [&]<std::size_t... A, std::size_t... I>(std::index_sequence<A...>,
                                                   std::index_sequence<I...>) {
      return gather<"">(make<A>(e)..., below<Inner>::of(held_at<I>(e.inner))...);
    }(actions{}, inner_sequence{});
  }
};

}  // namespace detail

template <fixed_string Name, class T>
constexpr auto resource(T object, call_site where) {
  constexpr auto fault = detail::judge_resource<Name, T>();
  (void)detail::explain_resource<fault, Name, T>{};
  if constexpr (fault == detail::resource_fault::none)
    return detail::resource_entry<Name, T>{
        detail::shared_object<T>::of(std::move(object)), {}, where};
  else
    return route<method::get, "/", "", detail::no_handler>{{}, where};
}

template <fixed_string Name, class T, class First, class... Inner>
constexpr auto resource(T object, First first, Inner... inner) {
  constexpr auto fault = detail::judge_resource<Name, T, First, Inner...>();
  (void)detail::explain_resource<fault, Name, T>{};
  if constexpr (fault == detail::resource_fault::none)
    return detail::resource_entry<Name, T, First, Inner...>{
        detail::shared_object<T>::of(std::move(object)),
        {{std::move(first)}, {std::move(inner)}...},
        first.where};  // a parameter behind a pack would not be deduced
  else
    return route<method::get, "/", "", detail::no_handler>{{}, {}};
}

}  // namespace wend
