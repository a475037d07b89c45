namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What takes rows or changes from the service without touching a table: publication, rights, policies, settings of its role.</summary>
static class RightsTroubles
{
    const string Publish = "alter publication streamsettle ";

    /// <summary>Settings that a client can overrule for itself.</summary>
    static readonly string[] Nasty =
    [
        "statement_timeout = '20ms'", "lock_timeout = '1ms'", "idle_in_transaction_session_timeout = '10ms'", "idle_session_timeout = '300ms'", "default_transaction_read_only = on",
        "row_security = off", "search_path = nowhere", "datestyle = 'German, DMY'", "intervalstyle = sql_standard", "bytea_output = escape", "timezone = 'Asia/Kathmandu'",
        "extra_float_digits = -15", "client_encoding = LATIN1", "standard_conforming_strings = off", "default_transaction_isolation = serializable", "default_transaction_deferrable = on",
        "synchronous_commit = off", "client_min_messages = debug5", "quote_all_identifiers = on", "wal_sender_timeout = '1s'", "logical_decoding_work_mem = '64kB'",
    ];

    public static IReadOnlyList<Trouble> All(Random random) =>
    [
        Trouble.Sql("orders not published", Sight.Blind, Publish + "drop table orders", Publish + "add table orders"),
        Trouble.Sql("merchants not published", Sight.Blind, Publish + "drop table merchants", Publish + "add table merchants"),
        Trouble.Sql("deletes not published", Sight.Blind, Publish + "set (publish = 'insert, update')", Publish + "set (publish = 'insert, update, delete, truncate')"),
        Trouble.Sql("rows filtered", Sight.Blind, Publish + "set table orders where (order_id > 0), merchants, promoters", Publish + "set table orders, merchants, promoters"),
        Trouble.Sql("publication dropped", Sight.Blind, "drop publication streamsettle", "create publication streamsettle for table orders, merchants, promoters"),
        Trouble.Sql("publication renamed", Sight.Blind, Publish + "rename to away", "alter publication away rename to streamsettle"),
        Trouble.Sql("schema not to be used", Sight.Blind, "revoke usage on schema public from public", "grant usage on schema public to public"),
        Trouble.Sql("row-level security", Sight.Blind, "alter table orders enable row level security", "alter table orders disable row level security"),
        Trouble.Sql("select revoked", Sight.Blind, "revoke select on orders from settle", "grant select on orders to settle"),
        WithCut("may not log in", Sight.Blind, "alter role settle nologin", "alter role settle login"),
        WithCut("may not replicate", Sight.Blind, "alter role settle noreplication", "alter role settle replication"),
        WithCut("another password", Sight.Blind, "alter role settle password 'another'", "alter role settle password 'settle'"),
        Settings(random), Settings(random), Settings(random),
    ];

    static Trouble Settings(Random random)
    {
        var three = random.GetItems(Nasty, 3).Distinct().ToArray();
        return WithCut(string.Join(", ", three), Sight.Clear, string.Join("; ", three.Select(setting => $"alter role settle set {setting}")), "alter role settle reset all");
    }

    /// <summary>What counts for new connections only.</summary>
    static Trouble WithCut(string name, Sight sight, string begin, string end) => new(
        name, sight,
        async storm =>
        {
            await storm.AdministerAsync(begin);
            storm.Link.Cut();
        },
        storm => storm.AdministerAsync(end));
}
