using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>The source as Debezium reads it. The connector may come after a start, so it is looked at by <c>check</c> alone.</summary>
sealed class DebeziumSourceChecks(ServiceOptions options, TransportOptions.Kafka kafka, StateView state, TimeProvider time)
{
    public IEnumerable<StartCheck> All() => [new("source", SourceAsync), new("first start", FirstStartAsync)];

    /// <summary>Whether the connector runs, and how far it has come moves.</summary>
    public StartCheck Connector() => new("connector", stop => LookAsync(look => look.ProgressAsync(stop)));

    async Task<string> SourceAsync(CancellationToken stop)
    {
        var report = await LookAsync(look => look.ReadAsync(stop));
        return report.Findings.Count > 0
            ? throw new UserMistakeException(string.Join(Environment.NewLine, report.Findings.Select(finding => finding.Message).Distinct()))
            : $"reached and fit; Debezium reads it by the slot {report.Slot}";
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

        var found = "";
        await new SourceLook(options.Source, readMetadata: null).ShowAsync(
            async (reader, token) => found = FirstStartCheck.Told(await new FirstStartCheck(RuleFiles.Load(options.RulesDirectory), options.Settlements.CompletedSince, time).RunAsync(reader, token)),
            stop);
        return found;
    }

    async Task<T> LookAsync<T>(Func<DebeziumLook, Task<T>> ask)
    {
        using var client = new ConnectClient(kafka.Connect.Url, time);
        return await ask(new(new(options.Source, kafka.Connect), state is StateView.Known known ? known.ReadMetadata : null, client, time));
    }
}
