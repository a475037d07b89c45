using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Checks;

/// <summary>What an open log, or a look at one, tells the checks.</summary>
static class StateLook
{
    public static StateView Of(ServiceOptions options, EmbeddedLog? log) => log is null
        ? new StateView.None(Identity: null)
        : Known(log.Identity, log.ReadMetadata, partition => log.HasTopic(Facts(options, partition).Topic) ? log.CommittedPosition(AuditGroup(options), Facts(options, partition)) : 0);

    public static StateView Of(ServiceOptions options, EmbeddedLogView? view) => view is null
        ? new StateView.None(Identity: null)
        : Known(view.Identity, view.ReadMetadata, partition => view.CommittedPosition(AuditGroup(options), Facts(options, partition)));

    public static StateView Of(ServiceOptions options, KafkaLogView view)
    {
        if (!view.HasRun)
        {
            return new StateView.None(view.Identity);
        }

        // Before the event log is looked at: other instances go on, and what they consume is in the event log first.
        var consumed = view.Consumed(AuditGroup(options), options.OwnTopic(Topics.SettlementEvents));
        return new StateView.Known(
            view.Identity, view.ReadMetadata,
            (partition, has) => partition < consumed.Count && consumed[partition] > has && view.HasRecord(Facts(options, partition), has, consumed[partition]) ? consumed[partition] : null);
    }

    static StateView.Known Known(Guid identity, Func<string, byte[]?> readMetadata, Func<int, long> audited) =>
        new(identity, readMetadata, (partition, has) => audited(partition) is var taken && taken > has ? taken : null);

    static string AuditGroup(ServiceOptions options) => $"{options.ApplicationId}-{SettlementService.AuditGroup}";

    static TopicPartition Facts(ServiceOptions options, int partition) => new(options.OwnTopic(Topics.SettlementEvents), partition);
}
