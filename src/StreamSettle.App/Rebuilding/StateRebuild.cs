using StreamSettle.App.Checks;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.App.Holds;
using StreamSettle.App.Running;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Log;
using StreamSettle.Topology.Rebuilding;

namespace StreamSettle.App.Rebuilding;

/// <summary>
/// <c>run --rebuild</c>: fills a new state directory with what the event log knows of every order, and gives the event log to it. The rows come afterwards, by a whole
/// reading of the source. A directory that was not filled to its end is never run on.
/// </summary>
sealed class StateRebuild(ServiceOptions options, MartenEventLog eventLog, IStreamLog log, TimeProvider time, ILogger logger)
{
    const string Group = "rebuild";

    /// <param name="owner">The log that the event log belongs to: its state was lost.</param>
    /// <param name="handingOver">Told before the event log is given to the new log.</param>
    /// <exception cref="UserMistakeException">A service runs by the state that is said to be lost, or the event log or <c>Source:CompletedSince</c> does not allow it.</exception>
    public async Task RunAsync(LogRegistration owner, Action handingOver, CancellationToken stop)
    {
        log.EnsureTopics(DescribedTopology.Build(options.ApplicationId, options.Partitions, options.Source.TopicPrefix, options.OwnTopic).Topics);
        using var filling = new LogFilling(log, Group);
        filling.Commit(KeptPhase.Entry(RebuildPhase.Begun));
        await using var lease = await LeaseAsync(owner.Identity, stop);
        var choice = await EventLogOpening.GuardAsync(options, () => eventLog.ReadChoiceAsync(owner.Identity, stop));
        if (choice is not null)
        {
            KeptChoice.Parse(choice).Compare(options.Settlements.CompletedSince);
        }

        HashSet<OrderId> known = [];
        var held = await EventLogOpening.GuardAsync(options, () => eventLog.ReadHoldsAsync(owner.Identity, stop));
        var orders = new RebuiltOrders(options, filling, UtcInstant.Now(time), held is null ? [] : KeptHold.Read(held), logger);
        var count = await EventLogOpening.GuardAsync(options, () => eventLog.ReadOrdersAsync(
            async (order, events) =>
            {
                if (choice is null)
                {
                    known.Add(order);
                }

                await orders.AddAsync(OrderPast.Of(order, events), stop);
            },
            stop));
        var found = await orders.FinishAsync(time, stop);
        if (choice is null)
        {
            await CheckUnknownAsync(known, stop);
        }

        handingOver();
        await EventLogOpening.GuardAsync(options, async () =>
        {
            await eventLog.HandOverAsync(owner.Identity, new(log.Identity), stop);
            return true;
        });
        filling.Commit(KeptPhase.Entry(RebuildPhase.Done), new KeptChoice(options.Settlements.CompletedSince).Entry, KeptNames.Of(options).Entry);
        logger.Rebuilt(count, found.Calls, found.Invoices, found.Holds);
    }

    /// <summary>Nobody runs by the state that was lost, nor begins to while it is made anew.</summary>
    async Task<LogLease> LeaseAsync(Guid lost, CancellationToken stop)
    {
        try
        {
            return await EventLogOpening.GuardAsync(options, () => eventLog.LeaseAsync(lost, time, stop));
        }
        catch (UserMistakeException taken)
        {
            throw new UserMistakeException($"The state that is to be rebuilt is in use: {taken.Message}", taken);
        }
    }

    /// <summary>
    /// Which orders are ours was kept with the state alone, by an earlier release. Orders that the event log does not know, and whose mark has passed, may be those that were
    /// not: unless <c>Source:CompletedSince</c> says so, a person has to.
    /// </summary>
    async Task CheckUnknownAsync(HashSet<OrderId> known, CancellationToken stop)
    {
        var check = new FirstStartCheck(RuleFiles.Load(options.RulesDirectory), options.Settlements.CompletedSince, time) { IsKnown = known.Contains };
        await new SourceLook(options.Source, _ => null).ShowAsync((reader, token) => check.RunAsync(reader, token), stop);
    }
}
