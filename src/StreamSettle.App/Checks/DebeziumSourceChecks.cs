using StreamSettle.App.Configuration;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;

namespace StreamSettle.App.Checks;

/// <summary>The source as Debezium reads it. The connector may come after a start, so it is looked at by <c>check</c> alone.</summary>
sealed class DebeziumSourceChecks(ServiceOptions options, TransportOptions.Kafka kafka, StateView state, TimeProvider time)
{
    public IEnumerable<StartCheck> All() => [new("source", SourceAsync), new("first start", FirstStartAsync)];

    /// <summary>Whether the connector runs, and how far it has come moves.</summary>
    public StartCheck Connector() => new("connector", stop => LookAsync(look => look.ProgressAsync(stop)));

    async Task<string> SourceAsync(CancellationToken stop)
    {
        var report = (await LookAsync(look => look.ReadAsync(stop))).Refuse();
        return $"reached and fit; Debezium reads it by the slot {report.Slot}";
    }

    async Task<string> FirstStartAsync(CancellationToken stop)
    {
        if (state is StateView.Unreadable)
        {
            return "not looked at: the cluster was not reached";
        }

        if (state is StateView.Known known && KeptChoice.Read(known.ReadMetadata) is { } kept)
        {
            kept.Compare(options.Settlements.CompletedSince);
            return "was before";
        }

        return await FirstStartCheck.LookAsync(options, new(options.Source, readMetadata: null), time, stop);
    }

    async Task<T> LookAsync<T>(Func<DebeziumLook, Task<T>> ask)
    {
        using var client = new ConnectClient(kafka.Connect.Url, time);
        return await ask(new(new(options.Source, kafka.Connect), state is StateView.Known known ? known.ReadMetadata : null, client, time));
    }
}
