using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Topology.Names;

namespace StreamSettle.App.Checks;

/// <summary>What an open log, or a look at the state directory, tells the checks.</summary>
static class StateLook
{
    public static StateView Of(ServiceOptions options, EmbeddedLog? log) => log is null
        ? new StateView.None()
        : new StateView.Known(log.Identity, log.ReadMetadata, partition => log.HasTopic(Topics.SettlementEvents) ? log.CommittedPosition(AuditGroup(options), Facts(partition)) : 0);

    public static StateView Of(ServiceOptions options, EmbeddedLogView? view) => view is null
        ? new StateView.None()
        : new StateView.Known(view.Identity, view.ReadMetadata, partition => view.CommittedPosition(AuditGroup(options), Facts(partition)));

    static string AuditGroup(ServiceOptions options) => $"{options.ApplicationId}-{SettlementService.AuditGroup}";

    static TopicPartition Facts(int partition) => new(Topics.SettlementEvents, partition);
}
