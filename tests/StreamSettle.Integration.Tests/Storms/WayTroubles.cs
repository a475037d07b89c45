using StreamSettle.Tests.Links;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What happens to the way to the source, to the server, and to the service itself.</summary>
static class WayTroubles
{
    public static IReadOnlyList<Trouble> All { get; } =
    [
        Lasting("the link stalls", LinkTraffic.Stalls), Lasting("a black hole", LinkTraffic.Swallowed), Lasting("connections refused", LinkTraffic.Refused),
        Trouble.Once("the link is cut", Sight.Either, storm => Done(storm.Link.Cut)),
        Trouble.Once("the link is closed", Sight.Either, storm => Done(storm.Link.Close)),
        new("a slow link", Sight.Either, storm => Done(() => (storm.Link.Delay, storm.Link.BytesPerSecond) = (TimeSpan.FromMilliseconds(150), 50_000)), storm => Done(storm.Link.Heal)),
        Trouble.Once("the reader is terminated", Sight.Either, storm => storm.ExecuteAsync("select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null")),
        Trouble.Once("all connections are terminated", Sight.Either, storm => storm.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'settle'")),
        Trouble.Once("the server crashes", Sight.Either, storm => storm.CrashServerAsync()),
        Trouble.Once("the service is killed", Sight.Either, storm => storm.Keeper.KillAsync()),
    ];

    static Trouble Lasting(string name, LinkTraffic traffic) => new(name, Sight.Blind, storm => Done(() => storm.Link.Set(traffic)), storm => Done(storm.Link.Heal));

    static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
