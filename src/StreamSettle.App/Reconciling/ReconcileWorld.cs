using StreamSettle.App.Configuration;
using StreamSettle.App.Reconciling.Reading;
using StreamSettle.Audit.Marten;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Comparing;
using StreamSettle.Delivery.Asking;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Topology;

namespace StreamSettle.App.Reconciling;

/// <summary>What a comparison reads, opened for it. The event log is the caller's.</summary>
sealed class ReconcileWorld : IDisposable
{
    readonly Dictionary<Leg, CallAsker> askers;

    ReconcileWorld(ReconcileRun run, Dictionary<Leg, CallAsker> askers) => (Run, this.askers) = (run, askers);

    public ReconcileRun Run { get; }

    /// <summary>For a command, from its settings; those of what is not compared are not needed.</summary>
    /// <exception cref="UserMistakeException">Every mistake in them, one a line.</exception>
    public static ReconcileWorld Open(IConfiguration configuration, ReconcileScope scope, MartenEventLog log, TimeProvider time, ILogger logger)
    {
        var reader = new ConfigurationReader(configuration);
        var options = ReconcileOptionsReader.Read(reader);
        var source = scope.WithSource ? ServiceOptionsReader.Source(reader, ServiceOptionsReader.Partitions(reader)) : null;
        var completedSince = reader.Instant("Source:CompletedSince");
        var downstreams = scope.WithDownstreams ? SettlementTopology.Calls.ToDictionary(leg => leg, leg => DownstreamOptionsReader.Read(reader, leg)) : [];
        reader.Add(ReconcileOptionsReader.Problems(options, downstreams));
        if (reader.Problems.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems));
        }

        return Open((source, downstreams, log), new ReconcilePlan(scope, options, completedSince), time, logger);
    }

    /// <exception cref="UserMistakeException">The shop tells its orders by an outbox, or credentials cannot be read.</exception>
    public static ReconcileWorld Open(
        (EmbeddedCdcOptions? Source, IReadOnlyDictionary<Leg, DownstreamOptions> Downstreams, MartenEventLog Log) of, ReconcilePlan plan, TimeProvider time, ILogger logger)
    {
        if (of.Source?.Outbox == true)
        {
            throw new UserMistakeException("The shop tells its orders by an outbox, which has what happened and not how orders are now: there are no rows to compare with. Give --no-source.");
        }

        var askers = of.Downstreams.ToDictionary(system => system.Key, system => CallAsker.OverHttp(system.Key, system.Value, plan.Options.Asking, time, logger));
        var sides = new OrderSides(of.Source is { } source ? new OrderRows(source) : null, of.Log, askers);
        return new(new ReconcileRun(sides, plan, time), askers);
    }

    public void Dispose()
    {
        foreach (var asker in askers.Values)
        {
            asker.Dispose();
        }
    }
}
