using System.Diagnostics;
using StreamSettle.App.Http.Answers;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>Waits until a service has nothing left to do.</summary>
static class Settled
{
    /// <summary>How long nothing may change before all counts as settled.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    public static async Task<StatusAnswer> AsyncOf(ServiceProcess service, TimeSpan within)
    {
        StatusAnswer? last = null;
        var quiet = Stopwatch.StartNew();
        await Until.TrueAsync(
            async () =>
            {
                var now = await service.StatusAsync();
                if (now is null || !NothingLeft(now) || now.Source.Changes != last?.Source.Changes || now.Audit.Events != last.Audit.Events)
                {
                    quiet.Restart();
                }

                last = now ?? last;
                return quiet.Elapsed >= Quiet;
            },
            "nothing is left to do", within, () => $"{last}\n{string.Join('\n', last?.Downstreams ?? [])}\n{service.Tail}");
        return last!;
    }

    /// <summary>The same of a shop that does nothing more: so many orders are completed, the service has seen all of their events, and nobody need wait for what else may come.</summary>
    public static async Task OrdersAsync(World world, ServiceProcess service, int orders, TimeSpan within)
    {
        StatusAnswer? last = null;
        await Until.TrueAsync(
            async () => (last = await service.StatusAsync() ?? last) is { } now && now.Flow.Completed == orders && NothingLeft(now)
                && now.Audit.Events == await world.QueryAsync<long>("select count(*) from settlement.mt_events"), $"{orders} orders are settled", within,
            () => $"{last}\n{service.Tail}");
    }

    internal static bool NothingLeft(StatusAnswer status) =>
        status.Ready && status.Flow.Scheduled == 0 && status.Flow.DueNow == 0 && status.Audit is { LagEvents: 0, State: "ok" }
        && status.Flow.ReversalsCompleted + status.DeadLetters >= status.Flow.ReversalsRequested
        && status.Downstreams.All(system => system.InFlight + system.Waiting + system.Retrying + system.Unknown + system.Invoices == 0);
}
