// Notes in an SQLite file: what the example `notes` serves. Nothing in here knows of HTTP but the
// problems that it throws.
#pragma once

#include <wend/wend.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

struct note {
  std::int64_t id{};
  wend::text<1, 200> title;  // 1 to 200 characters, checked and documented
  std::optional<std::string> body;
};

/// Throws `wend::problem`: 409 for a title that is taken, 507 when the disk is full; and
/// `std::runtime_error` for anything else that SQLite reports. Thread safety: none.
class note_store {
 public:
  explicit note_store(std::string const& file) {
    check(sqlite3_open(file.c_str(), &db_));
    check(sqlite3_exec(db_,
                       "pragma journal_mode = wal;"
                       "create table if not exists note("
                       "  id integer primary key, title text not null unique, body text)",
                       nullptr,
                       nullptr,
                       nullptr));
  }
  note_store(note_store const&) = delete;
  note_store& operator=(note_store const&) = delete;
  ~note_store() { sqlite3_close(db_); }

  /// The newest first; with `before`, those older than that one.
  std::vector<note> newest(int limit, std::optional<std::int64_t> before) {
    query all(*this, "select id, title, body from note where id < ? order by id desc limit ?");
    all.bind(1, before.value_or(INT64_MAX)).bind(2, limit);
    std::vector<note> out;
    while (all.step())
      out.push_back(all.row());
    return out;
  }

  std::optional<note> find(std::int64_t id) {
    query one(*this, "select id, title, body from note where id = ?");
    return one.bind(1, id).step() ? std::optional(one.row()) : std::nullopt;
  }

  std::int64_t add(note const& n) {
    query(*this, "insert into note(title, body) values(?, ?)")
        .bind(1, *n.title)
        .bind(2, n.body)
        .step();
    return sqlite3_last_insert_rowid(db_);
  }

  /// False when there is no such note; likewise `erase`.
  bool replace(std::int64_t id, note const& n) {
    query change(*this, "update note set title = ?, body = ? where id = ?");
    change.bind(1, *n.title).bind(2, n.body).bind(3, id).step();
    return sqlite3_changes(db_) > 0;
  }

  bool erase(std::int64_t id) {
    query(*this, "delete from note where id = ?").bind(1, id).step();
    return sqlite3_changes(db_) > 0;
  }

 private:
  class query {
   public:
    query(note_store& store, std::string_view sql) : store_(store) {
      store.check(
          sqlite3_prepare_v2(store.db_, sql.data(), static_cast<int>(sql.size()), &s_, nullptr));
    }
    query(query const&) = delete;
    query& operator=(query const&) = delete;
    ~query() { sqlite3_finalize(s_); }

    query& bind(int i, std::int64_t value) {
      store_.check(sqlite3_bind_int64(s_, i, value));
      return *this;
    }
    query& bind(int i, std::optional<std::string> const& text) {
      if (text)
        store_.check(
            sqlite3_bind_text64(s_, i, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8));
      return *this;
    }
    bool step() {
      int const got = sqlite3_step(s_);
      if (got != SQLITE_ROW && got != SQLITE_DONE) store_.check(got);
      return got == SQLITE_ROW;
    }
    note row() const {
      note n{sqlite3_column_int64(s_, 0), text(1), {}};
      if (sqlite3_column_type(s_, 2) != SQLITE_NULL) n.body = text(2);
      return n;
    }

   private:
    std::string text(int column) const {
      auto const* bytes = reinterpret_cast<char const*>(sqlite3_column_text(s_, column));
      return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(s_, column))};
    }

    note_store& store_;
    sqlite3_stmt* s_ = nullptr;
  };

  void check(int result) const {
    if (result == SQLITE_OK) return;
    if (result == SQLITE_CONSTRAINT)
      throw wend::problem{wend::status::conflict, "there is a note of this title already"};
    if (result == SQLITE_FULL)
      throw wend::problem{wend::status::insufficient_storage, "the disk is full"};
    throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(db_));
  }

  sqlite3* db_ = nullptr;
};
