using StreamSettle.App.Configuration;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Composition;

/// <summary>A lost or exchanged state directory beside an event log that is not empty is noticed, never silently begun anew (contract/events.md).</summary>
static class StateDirectoryCheck
{
    /// <exception cref="UserMistakeException">The directory is new but the event log is not.</exception>
    public static void BeforeOpening(string directory, EventLogState eventLog)
    {
        var isNew = !Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any();
        if (isNew && !eventLog.IsEmpty)
        {
            throw new UserMistakeException(
                $"StateDirectory '{directory}' is empty, but the event log has events{OwnedBy(eventLog)}: the local state was lost, or another directory is meant. "
                + "Give the directory that belongs to this event log (restore it from a backup if need be), or another Audit:Schema for another shop. Nothing was changed.");
        }
    }

    /// <exception cref="UserMistakeException">The event log belongs to another state directory.</exception>
    public static void AfterRegistering(ServiceOptions options, RegisterLogResult result)
    {
        switch (result)
        {
            case RegisterLogResult.OtherLog other:
                throw new UserMistakeException(
                    $"The event log in schema '{options.AuditSchema}' belongs to the state directory with identity {other.Owner.Identity} (since {other.Since}), "
                    + $"but StateDirectory '{options.StateDirectory}' is another one: it was exchanged, or belongs to another shop. Give the one that belongs together, or another Audit:Schema.");
            case RegisterLogResult.UnownedEvents:
                throw new UserMistakeException(
                    $"The event log in schema '{options.AuditSchema}' has events, but no state directory was ever registered there: something else wrote them. Choose another Audit:Schema.");
        }
    }

    /// <summary>The event log must have every fact that this state directory believes to be there: one that was lost, or restored from a backup, would have a gap for ever (I8).</summary>
    /// <exception cref="UserMistakeException">It lacks some.</exception>
    public static void EventLogHas(ServiceOptions options, IStreamLog log, string auditGroup, IReadOnlyDictionary<SourcePartition, long> stored)
    {
        for (var partition = 0; partition < options.Partitions; partition++)
        {
            var taken = log.CommittedPosition(auditGroup, new(Topics.SettlementEvents, partition));
            var has = stored.GetValueOrDefault(new(Topics.SettlementEvents, partition));
            if (taken > has)
            {
                throw new UserMistakeException(
                    $"The event log in schema '{options.AuditSchema}' ends at fact {has} of partition {partition}, but StateDirectory '{options.StateDirectory}' has written {taken}: "
                    + "the event log was lost, or restored from an older backup. Restore both from the same moment, or the newer event log. Nothing was changed.");
            }
        }
    }

    static string OwnedBy(EventLogState eventLog) => eventLog.Owner is { } owner ? $" of the state directory with identity {owner.Identity}" : "";
}
