using StreamSettle.App.Configuration;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Checks;

/// <summary>A lost or exchanged log (a state directory, or an application on a cluster), or event log, is noticed before anything is written, never silently begun anew (contract/events.md).</summary>
static class EventLogMatch
{
    /// <exception cref="UserMistakeException">Directory and event log do not belong together.</exception>
    public static void Compare(ServiceOptions options, StateView state, EventLogLook look)
    {
        switch (state)
        {
            case StateView.None when !look.State.IsEmpty:
                throw new UserMistakeException(options.Transport switch
                {
                    TransportOptions.Kafka kafka =>
                        $"{Place(options)} was never started, but the event log has events{OwnedBy(look.State)}: the cluster's topics were lost, or another cluster or application is meant. "
                        + $"Correct Kafka:BootstrapServers or Kafka:ApplicationId (it is '{kafka.Log.ApplicationId}'), or give another Audit:Schema for another shop. Nothing was changed.",
                    _ =>
                        $"{Place(options)} is empty, but the event log has events{OwnedBy(look.State)}: the local state was lost, or another directory is meant. "
                        + "Give the directory that belongs to this event log; if it is lost, `run --rebuild` makes it anew from the source and the event log. For another shop give another Audit:Schema. Nothing was changed.",
                });
            case StateView.None none when look.State.Owner is { } owner && owner.Identity != none.Identity:
                throw Refused(options, owner, since: null, isEmpty: true);
            case StateView.Lost when look.State.IsEmpty:
                throw new UserMistakeException(
                    $"The event log in schema '{options.AuditSchema}' has no events: there is nothing to rebuild from. Start without --rebuild, or correct Audit:ConnectionString and Audit:Schema. Nothing was changed.");
            case StateView.Lost when look.State.Owner is null:
                throw Unowned(options);
            case StateView.Known known:
                Compare(options, known, look);
                break;
        }
    }

    /// <exception cref="UserMistakeException">The event log belongs to another state directory.</exception>
    public static void AfterRegistering(ServiceOptions options, RegisterLogResult result)
    {
        switch (result)
        {
            case RegisterLogResult.OtherLog other:
                throw Refused(options, other.Owner, other.Since.ToString(), isEmpty: false);
            case RegisterLogResult.UnownedEvents:
                throw Unowned(options);
        }
    }

    static void Compare(ServiceOptions options, StateView.Known known, EventLogLook look)
    {
        if (look.State.Owner is { } owner && owner.Identity != known.Identity)
        {
            throw Refused(options, owner, since: null, look.State.IsEmpty);
        }

        if (look.State is { Owner: null, IsEmpty: false })
        {
            throw Unowned(options);
        }

        // One that was lost, or restored from a backup, would have a gap for ever (I8).
        for (var partition = 0; partition < options.Partitions; partition++)
        {
            var has = look.Positions.GetValueOrDefault(new(options.OwnTopic(Topics.SettlementEvents), partition));
            if (known.AuditedBeyond(partition, has) is { } taken)
            {
                throw new UserMistakeException(
                    $"The event log in schema '{options.AuditSchema}' ends at fact {has} of partition {partition}, but {Place(options)} has written {taken}: "
                    + "the event log was lost, or restored from an older backup, or Source:ConnectionString and Audit:ConnectionString name another shop's database. "
                    + "Restore both from the same moment, or correct the keys. Nothing was changed.");
            }
        }
    }

    static UserMistakeException Refused(ServiceOptions options, LogRegistration owner, string? since, bool isEmpty) => new(
        $"The event log in schema '{options.AuditSchema}' belongs to the {Kind(options)} with identity {owner.Identity}{(since is null ? "" : $" (since {since})")}, "
        + $"but {Place(options)} is another one: another service runs on this event log, or the {Kind(options)} was exchanged or belongs to another shop. "
        + "Give the one that belongs together, or another Audit:Schema."
        + (isEmpty ? $" If the former is gone for good, and no service uses it: delete from \"{options.AuditSchema}\".streamsettle_logs where log_identity = '{owner.Identity}';" : "")
        + " Nothing was changed.");

    static UserMistakeException Unowned(ServiceOptions options) => new(
        $"The event log in schema '{options.AuditSchema}' has events, but no log was ever registered there: something else wrote them. Choose another Audit:Schema.");

    static string OwnedBy(EventLogState eventLog) => eventLog.Owner is { } owner ? $" of the log with identity {owner.Identity}" : "";

    /// <summary>What the user gave, and where to look.</summary>
    static string Place(ServiceOptions options) => options.Transport is TransportOptions.Kafka kafka
        ? $"the application '{kafka.Log.ApplicationId}' at {kafka.Log.BootstrapServers}"
        : $"StateDirectory '{options.StateDirectory}'";

    static string Kind(ServiceOptions options) => options.Transport is TransportOptions.Kafka ? "application" : "state directory";
}
